import { repositories } from '../render/amounts.ts';
import { FLEET_WORDS, summary } from '../render/outcome-words.ts';
import type { FleetView, TaskView } from '../render/views.ts';
import { countTasks } from '../rollup.ts';
import type { FleetStatus } from '../status.ts';
import { chatText, chatUrl } from './chat-text.ts';
import type { Moment, WaitReason } from './moments.ts';

/** What a notification may tell: no input, no reason and no output, which hold other people's text. */
export interface NotificationFacts {
  fleet: Pick<FleetView, 'id' | 'controlRepository' | 'plan' | 'sender'> & {
    workflow: string;
    trackingIssue: { number: number; url: string } | null;
  };
  status: FleetStatus;
  tasks: readonly TaskView[];
}

export const eventName = (kind: Moment['kind']): 'fleet.waiting' | 'fleet.ended' => `fleet.${kind}`;

/** The JSON that is sent, and sent again as it is. `at`: epoch milliseconds. */
export function notificationBody(id: string, at: number, moment: Moment, facts: NotificationFacts): string {
  const { fleet, tasks } = facts;
  const status = moment.kind === 'ended' ? moment.status : facts.status;
  return JSON.stringify({
    text: chatLine(moment, facts),
    id,
    at: new Date(at).toISOString(),
    event: eventName(moment.kind),
    fleet: {
      id: fleet.id,
      workflow: fleet.workflow,
      control_repository: fleet.controlRepository,
      status,
      waiting_for: moment.kind === 'waiting' ? moment.why : null,
      sender: fleet.sender.login,
      tracking_issue_url: fleet.trackingIssue?.url ?? null,
      targets: tasks.length,
      pull_requests: tasks.filter(({ pullRequest }) => pullRequest !== null).length,
      counts: countTasks(tasks.map((task) => task.status)),
    },
  });
}

function chatLine(moment: Moment, { fleet, tasks }: NotificationFacts): string {
  const name = `${chatText(fleet.workflow)} (${chatText(fleet.controlRepository)}, asked for by ${chatText(fleet.sender.login)})`;
  const issue = fleet.trackingIssue;
  const where = issue === null ? '' : `: <${chatUrl(issue.url)}|issue ${issue.number}>`;
  if (moment.kind === 'waiting') return `⏸️ Fleet ${name} waits ${WAITS[moment.why](tasks.length)}${where}`;
  const { sign, word } = FLEET_WORDS[moment.status];
  return `${sign} Fleet ${name} ended: ${word.toLowerCase()}, ${summary(tasks)}${where}`;
}

const WAITS: Readonly<Record<WaitReason, (targets: number) => string>> = {
  plan: (targets) => `for approval of its plan for ${repositories(targets)}`,
  wave: () => 'for approval of its next wave',
  halted: () => 'because too many of its repositories failed',
  approvals: () => 'for decisions',
};
