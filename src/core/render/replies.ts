/** The text of every answer to a command. Markdown without a marker, well below GitHub's limit. */
import type { Plan } from '../plan.ts';
import { REFUSALS, type Refusal } from '../refusals.ts';
import type { Gate } from '../rollout/next-step.ts';
import type { FleetStatus } from '../status.ts';
import { plural, repositories, utc } from './amounts.ts';
import { boundedList } from './bounded-list.ts';
import { link } from './links.ts';
import { FLEET_WORDS, summary } from './outcome-words.ts';
import { progressBar } from './progress-bar.ts';
import { clip, codeSpan, safeText } from './safe-text.ts';
import type { TaskView } from './views.ts';

/** Long enough for ten faults with their code frames. */
const REPLY_LIMIT = 30_000;

interface Named {
  id: string;
  /** null: the issue does not exist yet, or could not be made. */
  issueUrl: string | null;
}

const fleetLink = ({ id, issueUrl }: Named): string => (issueUrl === null ? `\`${id}\`` : link(id, issueUrl));

export function startedReply(fleet: Named & { plan: Plan }): string {
  const preview = fleet.plan.flags.preview ? ' It is a preview: nothing is pushed.' : '';
  return `🚀 Fleet ${fleetLink(fleet)} runs in ${repositories(fleet.plan.targets.length)}${leftOut(fleet.plan)}.${preview} Its tracking issue tells the whole story${fleet.issueUrl === null ? '.' : `: ${fleet.issueUrl}`}`;
}

export function plannedReply(fleet: Named & { plan: Plan; expiresAt: number | null }): string {
  const until = fleet.expiresAt === null ? '' : ` until ${utc(fleet.expiresAt)}`;
  const { confirmOver } = fleet.plan;
  const why = confirmOver === null ? 'as asked' : `because that is more than ${confirmOver} (\`confirm_over\`)`;
  return [
    `📋 Fleet ${fleetLink(fleet)} is planned for ${repositories(fleet.plan.targets.length)}${leftOut(fleet.plan)} and waits for approval, ${why}; nothing was changed so far.`,
    `\`/fleet approve ${fleet.id}\` runs exactly this plan${until}; \`/fleet cancel ${fleet.id}\` drops it.${fleet.issueUrl === null ? '' : ` The plan: ${fleet.issueUrl}`}`,
  ].join('\n\n');
}

function leftOut(plan: Plan): string {
  return plan.leftOut.length === 0 ? '' : ` (${plan.leftOut.length} left out)`;
}

/** The same key has a fleet that has not ended. */
export function alreadyRunningReply(fleet: Named & { status: FleetStatus }): string {
  const { sign, word } = FLEET_WORDS[fleet.status];
  const wayOut =
    fleet.status === 'planned'
      ? `\`/fleet approve ${fleet.id}\` runs it, \`/fleet cancel ${fleet.id}\` drops it.`
      : `\`/fleet status ${fleet.id}\` tells what it waits for, \`/fleet retry ${fleet.id}\` tries again what failed in it. \`/fleet cancel ${fleet.id}\` ends it; then the command can be given again.`;
  return `Nothing new was started: the same workflow with the same inputs is already under way as fleet ${fleetLink(fleet)} (${sign} ${word.toLowerCase()}). ${wayOut}`;
}

export function approvedReply(fleet: Named & { plan: Plan }): string {
  return `✅ Approved: fleet ${fleetLink(fleet)} runs in ${repositories(fleet.plan.targets.length)}, exactly as planned.`;
}

export function rejectedReply(fleet: Named): string {
  return `🛑 Rejected: of the plan of fleet ${fleetLink(fleet)} nothing runs, and nothing was changed.`;
}

const DECIDED_SHOWN = 20;

/** At least one was decided. */
export function decidedReply(
  fleet: Named & { decision: string; decided: readonly { repository: string; nodeId: string }[] },
): string {
  const { decision, decided } = fleet;
  const nodes = [...new Set(decided.map(({ nodeId }) => codeSpan(nodeId, 80)))].slice(0, DECIDED_SHOWN);
  const all = [...new Set(decided.map(({ repository }) => repository))];
  const shown = all.slice(0, DECIDED_SHOWN).map((repository) => safeText(repository, 200));
  return `✅ ${nodes.join(', ')} ${nodes.length > 1 ? 'are' : 'is'} decided as **${safeText(decision, 80)}** in ${repositories(all.length)} of fleet ${fleetLink(fleet)}: ${boundedList(shown, all.length)}.`;
}

/**
 * `wave`: the one that was released with it; null: it goes on where it was. `left`: unended tasks. `questions`: of nodes,
 * which the command did not answer. `paused`: nothing of it starts all the same.
 */
export function openedReply(
  fleet: Named & { wave: { name: string; targets: number } | null; left: number; questions: number; paused: boolean },
): string {
  const { wave, left, questions, paused } = fleet;
  const how = wave === null ? 'where it was halted' : `with ${wave.name} (${repositories(wave.targets)})`;
  const also =
    questions === 0
      ? ''
      : ` ${plural(questions, 'question', 'questions')} of its nodes ${questions === 1 ? 'waits' : 'wait'} too: to answer, give the command again.`;
  if (wave === null && left === 0) return `✅ Approved, but of fleet ${fleetLink(fleet)} nothing is left to run.`;
  return `✅ Fleet ${fleetLink(fleet)} goes on ${how}.${also}${paused ? `\n\n${HELD_NOTES.paused}` : ''}`;
}

/** At least one. `held`: why they do not start yet. */
export function retriedReply(fleet: Named & { repositories: readonly string[]; held: Gate | 'paused' | null }): string {
  const { repositories: all, held } = fleet;
  const shown = all.slice(0, DECIDED_SHOWN).map((repository) => safeText(repository, 200));
  const waits = held === null ? '' : `\n\n${HELD_NOTES[held]}`;
  return `🔁 Fleet ${fleetLink(fleet)} runs its workflow again, from a fresh clone, in ${repositories(all.length)}: ${boundedList(shown, all.length)}.${waits}`;
}

/** At least one. `paused`: nothing is pushed yet. */
export function publishingReply(fleet: Named & { repositories: readonly string[]; paused: boolean }): string {
  const { repositories: all, paused } = fleet;
  const shown = all.slice(0, DECIDED_SHOWN).map((repository) => safeText(repository, 200));
  const waits = paused ? `\n\n${HELD_NOTES.paused}` : '';
  return `📤 Fleet ${fleetLink(fleet)} publishes what it prepared in ${repositories(all.length)}: ${boundedList(shown, all.length)}. Where a base has moved since, the workflow runs again there first.${waits}`;
}

/** At least one. */
export function undoReply(fleet: Named & { repositories: readonly string[] }): string {
  const { repositories: all } = fleet;
  const shown = all.slice(0, DECIDED_SHOWN).map((repository) => safeText(repository, 200));
  return `↩️ The pull requests of fleet ${fleetLink(fleet)} in ${repositories(all.length)} are being closed, and their branches deleted: ${boundedList(shown, all.length)}. One that is merged, or to whose branch somebody else has committed, is left as it is; the tracking issue tells what becomes of each.`;
}

/** `running`: tasks of which a node may still run. `publishing`: tasks whose push has begun. */
export function pausedReply(fleet: Named & { running: number; publishing: number }): string {
  const { running, publishing } = fleet;
  const rest = [
    ...(running > 0 ? [`In ${repositories(running)} the node that runs is finished, and nothing is pushed.`] : []),
    ...(publishing > 0
      ? [`In ${repositories(publishing)} the push has begun: there the pull request is still finished.`]
      : []),
  ];
  const after = rest.length === 0 ? 'Nothing of it runs any more.' : rest.join(' ');
  return `⏸️ Fleet ${fleetLink(fleet)} is paused. ${after} \`/fleet resume ${fleet.id}\` goes on; after 7 days the rest is cancelled.`;
}

/** `held`: it still waits for approval. */
export function resumedReply(fleet: Named & { held: Gate | null }): string {
  const waits = fleet.held === null ? '' : `\n\n${HELD_NOTES[fleet.held]}`;
  return `▶️ Fleet ${fleetLink(fleet)} goes on where it was paused.${waits}`;
}

/** `publishing`: tasks whose push has begun. `stopping`: the other tasks that have not ended. */
export function cancelledReply(fleet: Named & { publishing: number; stopping: number }): string {
  const { publishing, stopping } = fleet;
  const rest = [
    ...(publishing > 0
      ? [
          `In ${repositories(publishing)} the push has begun: there the pull request is still finished, and no other work is done.`,
        ]
      : []),
    ...(stopping > 0 ? [`In ${repositories(stopping)} the work is being stopped; nothing is pushed there.`] : []),
  ];
  const after = rest.length === 0 ? 'Nothing of it runs any more.' : rest.join(' ');
  return `🛑 Fleet ${fleetLink(fleet)} is cancelled. ${after} Open pull requests stay.`;
}

/** For readers who may not see the fleet's control repository: no link, workflow, name or count. */
export function discreetReply(id: string): string {
  return `✅ Done for fleet \`${id}\`; its tracking issue tells the rest.`;
}

/** Below the refusal of a dispatch, which has no comment to answer on. */
export function refusedDispatchNote(login: string): string {
  return `\n\nA \`repository_dispatch\` by ${codeSpan(login, 100)} was refused. Others that are refused for the same reason today (UTC) open no further issue.`;
}

export function statusReply(
  fleet: Named & {
    workflow: string;
    status: FleetStatus;
    tasks: readonly TaskView[];
    undone?: number;
    held?: Gate | 'paused' | null;
    waitsForDisk?: boolean;
  },
): string {
  const { sign, word } = FLEET_WORDS[fleet.status];
  return `${sign} **${word}**: fleet ${fleetLink(fleet)}, workflow ${codeSpan(fleet.workflow, 100)}\n\n${progressBar(fleet.tasks)}\n${summary(fleet.tasks)}${fleet.undone ? ` · ${fleet.undone} undone` : ''}${fleet.held ? `\n\n${HELD_NOTES[fleet.held]}` : ''}${fleet.waitsForDisk === true ? WAITS_FOR_DISK : ''}`;
}

const WAITS_FOR_DISK =
  "\n\nIt waits for disk space on the server: what has begun goes on, and the rest begins when there is room. The operator's log says what to do.";

const HELD_NOTES: Record<Gate | 'paused', string> = {
  wave: 'The next wave waits for `/fleet approve`; `/fleet reject` cancels the rest.',
  paused: 'It is paused: `/fleet resume` goes on, `/fleet cancel` ends it.',
  halted: 'It is halted, as too many failed: `/fleet approve` goes on, `/fleet reject` cancels the rest.',
};

export function refusalReply(refusal: Refusal): string {
  const { title } = REFUSALS[refusal.code];
  return `❌ **${title}.** ${clip(refusal.detail, REPLY_LIMIT)}\n\n**What to do:** ${clip(refusal.remedy, 4_000)}`;
}

/** The fleet's rows exist but GitHub refused its tracking issue. */
export function noIssueReply(fleet: Named, error: string): string {
  return `⚠️ Fleet \`${fleet.id}\` runs, but its tracking issue could not be made: ${safeText(error, 300)}. \`/fleet status ${fleet.id}\` tells how it stands.`;
}

export interface ListedWorkflow {
  name: string;
  description: string;
  /** `acme/platform:.github/fleet/x.yml`, or `bundled:x.yml`. */
  origin: string;
  inputs: readonly { name: string; required: boolean }[];
}

export function listReply(workflows: readonly ListedWorkflow[]): string {
  if (workflows.length === 0) {
    return 'There is no workflow yet. Add one as `.github/fleet/<name>.yml` on the default branch of this repository.';
  }
  const lines = workflows.slice(0, 100).map(({ name, description, origin, inputs }) => {
    const words = inputs.map((input) => (input.required ? `${input.name}=…` : `[${input.name}=…]`));
    const about = description === '' ? '' : ` ${safeText(description, 200)}`;
    return `- ${codeSpan(['/fleet', name, ...words].join(' '), 300)}${about} (${codeSpan(origin, 300)})`;
  });
  if (workflows.length > lines.length) lines.push(`- … and ${workflows.length - lines.length} more`);
  return clip(`Workflows that can be asked for here:\n\n${lines.join('\n')}`, REPLY_LIMIT);
}

export function helpReply(): string {
  return `\`\`\`text
/fleet <workflow> [key=value | key="two words"]... [flags]
/fleet plan <workflow> ...        shows the plan and waits for approval
/fleet approve|reject [fleet] [repository glob] [node=id] [decision=id] [text="..."]
/fleet retry [fleet] [repository glob]   runs again where it failed or was cancelled
/fleet publish [fleet] [repository glob]   pushes what a preview prepared
/fleet undo [fleet] [repository glob]    closes what was not merged and deletes the branches
/fleet cancel|pause|resume|status [fleet]
/fleet list                       the workflows that can be asked for here
/fleet help
\`\`\`

| Flag | Meaning |
| --- | --- |
| \`--plan\` | the same as \`/fleet plan\` |
| \`--tag t\` | only repositories with this tag; may be repeated |
| \`--match glob\` | only repositories whose name matches; may be repeated |
| \`--repo name\` | only this repository; may be repeated |
| \`--exclude glob\` | not these; may be repeated |
| \`--parallel n\` | at most that many at once |
| \`--draft\` | pull requests as drafts |
| \`--again\` | also where somebody closed the pull request before |
| \`--preview\` | runs everything, pushes nothing and shows the diffs |

The command is the first line of a new comment. Without a fleet's id, the verbs mean the fleet of the tracking issue or pull request that they are written on. What waits for a decision, and what can be decided, stands in the tracking issue.`;
}
