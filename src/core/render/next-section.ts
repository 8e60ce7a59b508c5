/** What a person can do now: only commands that work in this state. */
import { openApprovals } from '../open-approvals.ts';
import { isHeld, isPaused, openingText } from '../rollout/opening.ts';
import { isPublishable, isRetryable } from '../status.ts';
import { leftPullRequest } from '../undo.ts';
import { plural, repositories, utc } from './amounts.ts';
import { submitCommand } from './command-text.ts';
import { decisionCommand } from './decision-command.ts';
import { codeSpan } from './safe-text.ts';
import { undoableTasks } from './undo-words.ts';
import type { FleetView, TrackingIssueFacts } from './views.ts';

/** Decisions named; the section of what waits names them all. */
const DECISIONS_NAMED = 4;

export function nextSection(facts: TrackingIssueFacts): string {
  return `### What you can do now\n\n${commands(facts)
    .map((line) => `- ${line}`)
    .join('\n')}`;
}

function commands(facts: TrackingIssueFacts): string[] {
  const { fleet, status } = facts;
  switch (status) {
    case 'planned': {
      const until = fleet.expiresAt === null ? '' : ` It can be approved until ${utc(fleet.expiresAt)}.`;
      return [
        `\`/fleet approve ${fleet.id}\` runs exactly this plan.${until}`,
        `\`/fleet cancel ${fleet.id}\` drops it; nothing was changed so far.`,
      ];
    }
    case 'running':
    case 'waiting':
      return [
        ...(isHeld(facts.fleet) ? [`\`/fleet approve\` ${openingText(fleet, facts.tasks)}.`] : []),
        ...decide(facts),
        ...(status === 'waiting' ? retry(facts) : []),
        ...publish(facts),
        ...pause(fleet),
        `${isHeld(facts.fleet) ? '`/fleet reject` or ' : ''}\`/fleet cancel\` ends it: nothing more is pushed, open pull requests stay.`,
        `\`/fleet status\` answers with the counts of this moment.`,
      ];
    case 'completed':
      return completed(facts);
    case 'partial':
    case 'failed':
      return [
        ...publish(facts),
        ...retry(facts),
        fleet.plan.flags.preview
          ? `${again(fleet)} starts a new preview, after which nothing of this one can be published.`
          : `${again(fleet)} starts a new fleet once the causes are mended; open pull requests are updated, not doubled.`,
        ...declined(fleet),
        ...undo(facts),
      ];
    case 'cancelled':
      return [
        ...retry(facts),
        `${again(fleet)} starts anew; open pull requests are updated, not doubled.`,
        ...undo(facts),
      ];
  }
}

function completed(facts: TrackingIssueFacts): string[] {
  const { fleet, tasks } = facts;
  if (fleet.plan.flags.preview) {
    const opened = tasks.some(({ pullRequest }) => pullRequest !== null) && !allUndone(facts);
    return [
      ...publish(facts),
      ...(opened ? [REVIEW] : []),
      `${again(fleet)} previews it anew; after that nothing of this preview can be published.`,
      ...undo(facts),
    ];
  }
  if (!fleet.plan.workflow.opensPullRequests) return [`${again(fleet)} runs it anew.`];
  return allUndone(facts)
    ? [`${again(fleet)} runs it anew and opens new pull requests.`]
    : [REVIEW, `${again(fleet)} brings them up to date when the bases moved on.`, ...undo(facts)];
}

const REVIEW = 'Review and merge the pull requests.';

function decide(facts: TrackingIssueFacts): string[] {
  const { approvals, tasks } = facts;
  const open = openApprovals(approvals, tasks).map(({ approval }) => approval);
  // Without a node the commands would mean what holds the fleet.
  const withNode = isHeld(facts.fleet) || new Set(open.map(({ nodeId }) => nodeId)).size > 1;
  const commands = open.flatMap(({ nodeId, decisions }) =>
    decisions.map(({ id }) => decisionCommand(id, { node: withNode ? nodeId : null })),
  );
  const asked = [...new Set(commands)];
  if (asked.length === 0) return [];
  const named = asked.slice(0, DECISIONS_NAMED).map((command) => codeSpan(command, 100));
  return [
    `${named.join(', ')}${asked.length > named.length ? ', …' : ''} ${named.length === 1 ? 'decides' : 'decide'} what waits.`,
  ];
}

function pause(fleet: FleetView): string[] {
  if (isPaused(fleet)) return ['`/fleet resume` goes on where it was paused.'];
  if (fleet.cancelRequestedAt !== null) return [];
  return ['`/fleet pause` holds it: nodes that run are finished, nothing new starts and nothing is pushed.'];
}

/** Of a plan that nobody approved nothing is tried again, nor of a fleet that has a successor. */
function retry({ fleet, tasks, supersededBy }: TrackingIssueFacts): string[] {
  const failed = tasks.filter(({ status }) => isRetryable(status)).length;
  const cancelling = fleet.cancelRequestedAt !== null && fleet.endedAt === null;
  if (failed === 0 || fleet.approvedAt === null || supersededBy !== null || cancelling) return [];
  return [
    `\`/fleet retry\` runs the workflow again where it failed or was cancelled (${repositories(failed)}), or where a glob behind it says.`,
  ];
}

/** Of a fleet that has a successor nothing is published any more. */
function publish({ fleet, tasks, supersededBy }: TrackingIssueFacts): string[] {
  const prepared = tasks.filter(isPublishable).length;
  const cancelling = fleet.cancelRequestedAt !== null && fleet.endedAt === null;
  if (prepared === 0 || supersededBy !== null || cancelling) return [];
  return [
    `\`/fleet publish\` opens the pull requests of what is prepared (${repositories(prepared)}), or of what a glob behind it names.`,
  ];
}

/** Of an ended fleet: whether its pull requests were merged since shows only when it is asked for. */
function undo(facts: TrackingIssueFacts): string[] {
  const open = undoableTasks(facts).length;
  if (open === 0 || facts.fleet.endedAt === null || facts.supersededBy !== null) return [];
  return [
    `\`/fleet undo\` closes ${plural(open, 'pull request', 'pull requests')} and deletes the branches, or does so where a glob behind it says; what was merged, or where somebody else has committed, is left as it is.`,
  ];
}

function allUndone({ tasks, undos }: TrackingIssueFacts): boolean {
  const undone = new Set(undos.flatMap(({ taskId, state }) => (state === 'kept' ? [] : [taskId])));
  const left = tasks.filter(leftPullRequest);
  return left.length > 0 && left.every(({ id }) => undone.has(id));
}

function again(fleet: FleetView): string {
  const command = submitCommand(fleet.plan);
  return command === undefined ? 'Giving the same command again' : codeSpan(command, 1_100);
}

function declined(fleet: FleetView): string[] {
  if (fleet.plan.flags.again) return [];
  const command = submitCommand(fleet.plan, ['--again']);
  if (command === undefined) return [];
  return [`${codeSpan(command, 1_100)} also opens pull requests again that somebody closed.`];
}
