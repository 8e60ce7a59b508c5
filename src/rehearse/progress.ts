import type { WatchedFleet, WatchedTask } from '../ports/fleet-watch.ts';

/** The fleet as lines for a terminal; the same text for the same state. */
export function progressLines(fleet: WatchedFleet): string[] {
  const width = Math.max(...[...fleet.tasks, ...fleet.leftOut].map(({ repository }) => repository.length), 10);
  const ended = fleet.tasks.filter(({ status }) => !['queued', 'running', 'waiting'].includes(status)).length;
  return [
    `${fleet.id}  ${fleet.workflow}  ${fleet.status}  ${ended}/${fleet.tasks.length}`,
    ...fleet.tasks.map((task) => `  ${SIGNS[task.status]} ${task.repository.padEnd(width)}  ${stateOf(task)}`),
    ...fleet.leftOut.map(({ repository, reason }) => `  - ${repository.padEnd(width)}  left out: ${reason}`),
    ...(waitsForApproval(fleet) ? [`  ${howToApprove(fleet)}`] : []),
  ];
}

/** It is planned, and the plan can be read. */
export function waitsForApproval({ status, trackingIssueUrl }: WatchedFleet): boolean {
  return status === 'planned' && trackingIssueUrl !== null;
}

function howToApprove({ id, trackingIssueUrl }: WatchedFleet): string {
  return `It waits for an approval: comment \`/fleet approve ${id}\` on ${trackingIssueUrl}`;
}

const SIGNS: Record<WatchedTask['status'], string> = {
  queued: '·',
  running: '▶',
  waiting: '⏸',
  completed: '✓',
  failed: '✗',
  cancelled: '⊘',
  timed_out: '✗',
};

function stateOf({ status, outcome, category, node, pullRequestUrl }: WatchedTask): string {
  switch (status) {
    case 'running':
      return node === null ? 'running' : `running ${node}`;
    case 'completed':
      return [outcome ?? status, pullRequestUrl].filter((part) => part !== null).join('  ');
    case 'failed':
    case 'timed_out':
      return `${status} (${category ?? 'unknown'})`;
    case 'queued':
    case 'waiting':
    case 'cancelled':
      return status;
  }
}
