/** Who did what with the fleet, and when: the event log, as far as it is about the fleet as a whole. */
import type { FleetEvent } from '../events.ts';
import { waveName } from '../rollout/wave-names.ts';
import { repositories, utc } from './amounts.ts';
import { personLink } from './links.ts';
import { FLEET_WORDS } from './outcome-words.ts';
import { failedText, nameOf } from './rollout-section.ts';
import { codeSpan } from './safe-text.ts';
import type { TrackingIssueFacts } from './views.ts';

/** What the section tells of. */
export const HISTORY_EVENTS = [
  'fleet_planned',
  'fleet_approved',
  'fleet_cancel_requested',
  'fleet_rejected',
  'fleet_expired',
  'wave_released',
  'gate_closed',
  'gate_opened',
  'gate_expired',
  'fleet_paused',
  'fleet_resumed',
  'pause_expired',
  'disk_full',
  'disk_freed',
  'fleet_retried',
  'fleet_publish_requested',
  'undo_requested',
  'fleet_ended',
  'fleet_superseded',
  'notification_given_up',
] as const satisfies readonly FleetEvent['type'][];

/** Of the last ones. */
export const HISTORY_SHOWN = 50;

type Told = Extract<FleetEvent, { type: (typeof HISTORY_EVENTS)[number] }>;

/** Empty without an event; at most `limit` UTF-16 units, the latest events. */
export function historySection(facts: TrackingIssueFacts, limit: number): string {
  const lines = facts.history.flatMap(({ at, event }) =>
    isTold(event) ? [`- ${utc(at)}: ${told(event, at, facts)}`] : [],
  );
  for (let from = 0; from < lines.length; from += 1) {
    const text = folded(lines.slice(from));
    if (text.length <= limit) return text;
  }
  return '';
}

const folded = (lines: readonly string[]): string =>
  `<details><summary>History</summary>\n\n${lines.join('\n')}\n\n</details>`;

const isTold = (event: FleetEvent): event is Told => HISTORY_EVENTS.some((type) => type === event.type);

function told(event: Told, at: number, facts: TrackingIssueFacts): string {
  const by = (login: string): string => personLink({ login }, facts.webUrl);
  switch (event.type) {
    case 'fleet_planned':
      return `${by(event.by)} asked for it in ${repositories(event.targets)}${event.leftOut === 0 ? '' : `, ${event.leftOut} left out`}`;
    case 'fleet_approved':
      return `${by(event.by)} approved the plan`;
    case 'fleet_cancel_requested':
      return `${by(event.by)} cancelled it`;
    case 'fleet_rejected':
      return `${by(event.by)} ${event.on === 'plan' ? 'rejected the plan' : 'did not let it go on'}`;
    case 'fleet_expired':
      return 'nobody had approved the plan in time';
    case 'wave_released':
      return `${waveName(facts.fleet.plan, event.wave)} was released`;
    case 'gate_closed':
      return closedText(at, facts);
    case 'gate_opened':
      return `${by(event.by)} let it go on`;
    case 'gate_expired':
      return 'nobody had let it go on in time, so the rest was cancelled';
    case 'fleet_paused':
      return `${by(event.by)} paused it`;
    case 'fleet_resumed':
      return `${by(event.by)} resumed it`;
    case 'pause_expired':
      return 'nobody had resumed it in time, so the rest was cancelled';
    case 'disk_full':
      return "the server's disk had no room, so nothing more began";
    case 'disk_freed':
      return "the server's disk had room again";
    case 'fleet_retried':
      return `${by(event.by)} had ${repositories(event.tasks)} tried again`;
    case 'fleet_publish_requested':
      return `${by(event.by)} had what was prepared in ${repositories(event.tasks)} published`;
    case 'undo_requested':
      return `${by(event.by)} asked to close the pull requests in ${repositories(event.tasks)}`;
    case 'fleet_ended':
      return `it ended: ${FLEET_WORDS[event.status].word.toLowerCase()}`;
    case 'fleet_superseded':
      return `${codeSpan(event.by, 40)} came after it`;
    case 'notification_given_up':
      return `the webhook that was to be told that it ${event.moment === 'ended' ? 'ended' : 'waited'} could not be reached`;
  }
}

function closedText(at: number, facts: TrackingIssueFacts): string {
  const gate = facts.gates.find(({ closedAt }) => closedAt === at);
  if (gate === undefined) return 'it was held';
  return gate.halt === null
    ? `it waited for approval after ${nameOf(facts, gate.wave)}`
    : `halted: ${failedText(facts, gate)}`;
}
