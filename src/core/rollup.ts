import type { Gate } from './rollout/next-step.ts';
import type { FleetStatus, TaskStatus } from './status.ts';

/** What of a fleet itself, beyond its tasks, the rollup depends on. */
export interface FleetGates {
  /** False until the plan was approved, by a person or because it needed no approval. */
  approved: boolean;
  /** A wave, budget, halt or pause holds queued tasks back. */
  gateClosed: boolean;
  cancelRequested: boolean;
}

export type TaskCounts = Record<TaskStatus, number>;

export function countTasks(statuses: Iterable<TaskStatus>): TaskCounts {
  const counts: TaskCounts = {
    queued: 0,
    running: 0,
    waiting: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    timed_out: 0,
  };
  for (const status of statuses) counts[status] += 1;
  return counts;
}

/** The fleet's status, always derived: the first line that matches. */
export function rollup(gates: FleetGates, counts: TaskCounts): FleetStatus {
  const unended = counts.queued + counts.running + counts.waiting;
  const all = unended + counts.completed + counts.failed + counts.cancelled + counts.timed_out;
  if (gates.cancelRequested && unended === 0) return counts.completed === 0 ? 'cancelled' : ended(counts, all);
  if (!gates.approved) return 'planned';
  if (counts.running > 0) return 'running';
  if (counts.waiting > 0 || (gates.gateClosed && counts.queued > 0)) return 'waiting';
  if (counts.queued > 0) return 'running';
  return ended(counts, all);
}

function ended(counts: TaskCounts, all: number): FleetStatus {
  if (counts.completed === all) return 'completed';
  if (counts.completed === 0) return 'failed';
  return 'partial';
}

export function gatesOf(fleet: {
  approvedAt: number | null;
  cancelRequestedAt: number | null;
  gate: Gate | null;
  pausedAt: number | null;
}): FleetGates {
  return {
    approved: fleet.approvedAt !== null,
    gateClosed: fleet.gate !== null || fleet.pausedAt !== null,
    cancelRequested: fleet.cancelRequestedAt !== null,
  };
}
