import { openApprovals } from '../core/open-approvals.ts';
import { isHeld, isPaused, openingText } from '../core/rollout/opening.ts';
import { namedWaves, waveName } from '../core/rollout/wave-names.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import { NOTHING_SPENT, type Spent } from '../core/spent.ts';
import type { FleetWatch, WatchedFleet, WatchedTask } from '../ports/fleet-watch.ts';
import type { ApprovalRow } from './contract/approvals.ts';
import type { FleetRow } from './contract/fleets.ts';
import type { NodeSummary } from './contract/nodes.ts';
import type { Reads } from './contract/store.ts';
import type { TaskRow } from './contract/tasks.ts';

/** Reads another process's store through a read-only handle. */
export function watchFleets(opened: { read: Reads; close(): Promise<void> }): FleetWatch {
  const { read } = opened;
  return {
    async fleets() {
      const watched: WatchedFleet[] = [];
      for (const fleet of await read.fleets.all()) {
        const tasks = await read.tasks.ofFleet(fleet.id);
        const nodes = await read.nodes.summariesOfFleet(fleet.id);
        const approvals = await read.approvals.ofFleet(fleet.id);
        const spent = await read.sessions.spentOfFleet(fleet.id);
        watched.push(watchedFleet(fleet, { tasks, nodes, approvals, spent }));
      }
      return watched;
    },
    close: () => opened.close(),
  };
}

interface Watched {
  nodes: readonly NodeSummary[];
  approvals: readonly ApprovalRow[];
}

function watchedFleet(
  fleet: FleetRow,
  of: Watched & { tasks: readonly TaskRow[]; spent: ReadonlyMap<string, Spent> },
): WatchedFleet {
  const { tasks, spent } = of;
  return {
    id: fleet.id,
    status: rollup(gatesOf(fleet), countTasks(tasks.map(({ status }) => status))),
    branch: fleet.branch,
    workflow: fleet.workflow,
    inputs: fleet.plan.inputs,
    wave: namedWaves(fleet.plan).length > 1 ? waveName(fleet.plan, fleet.wave) : null,
    held: isHeld(fleet) ? { gate: fleet.gate, opens: openingText(fleet, tasks) } : null,
    paused: isPaused(fleet),
    tasks: tasks.map((task) => ({ ...watchedTask(task, fleet, of), spent: spent.get(task.id) ?? NOTHING_SPENT })),
    leftOut: fleet.plan.leftOut.map(({ repository, reason }) => ({ repository, reason })),
    trackingIssueUrl: fleet.trackingIssue?.url ?? null,
    settled: fleet.endedAt !== null && fleet.reportedSeq >= fleet.eventSeq,
  };
}

function watchedTask(task: TaskRow, fleet: FleetRow, { nodes, approvals }: Watched): Omit<WatchedTask, 'spent'> {
  const { id, repository, status, outcome, category, reason, pullRequest } = task;
  const running = nodes.find((node) => node.taskId === id && node.status === 'running');
  const [open] = openApprovals(approvals, [task]);
  return {
    id,
    repository,
    status,
    outcome,
    category,
    reason,
    pullRequestUrl: pullRequest?.url ?? null,
    wave: status === 'queued' && task.wave > fleet.wave ? waveName(fleet.plan, task.wave) : null,
    node: running?.nodeId ?? null,
    question:
      open === undefined
        ? null
        : { node: open.approval.nodeId, decisions: open.approval.decisions.map((decision) => decision.id) },
  };
}
