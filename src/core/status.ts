/** Every status of a task, a node and a fleet, and the only place that says which may follow which. */

export type TaskStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled' | 'timed_out';
export type TaskOutcome = 'changed' | 'unchanged' | 'not_applicable' | 'declined' | 'prepared';
export type NodeStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped' | 'waiting';
export type FleetStatus = 'planned' | 'running' | 'waiting' | 'completed' | 'partial' | 'failed' | 'cancelled';

/** What completed goes on only to be published, so only with the outcome `prepared`. */
const TASK_TRANSITIONS: Record<TaskStatus, readonly TaskStatus[]> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['queued', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out'],
  waiting: ['queued', 'cancelled'],
  completed: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
  timed_out: ['queued'],
};

/** A task that goes on from a snapshot undoes what ended after it: those nodes are pending again, approvals waiting. */
const NODE_TRANSITIONS: Record<NodeStatus, readonly NodeStatus[]> = {
  pending: ['running', 'waiting', 'skipped'],
  running: ['completed', 'failed', 'pending'],
  waiting: ['completed', 'failed', 'skipped', 'pending'],
  completed: ['pending', 'waiting'],
  failed: ['pending', 'waiting'],
  skipped: ['pending'],
};

export function mayTaskBecome(from: TaskStatus, to: TaskStatus): boolean {
  return TASK_TRANSITIONS[from].includes(to);
}

export function mayNodeBecome(from: NodeStatus, to: NodeStatus): boolean {
  return NODE_TRANSITIONS[from].includes(to);
}

/** What a retry queues again: it ended without having completed. */
export function isRetryable(status: TaskStatus): boolean {
  return isTerminal(status) && status !== 'completed';
}

/** What `/fleet publish` queues again: its patch waits for somebody to want it pushed. */
export function isPublishable({ status, outcome }: { status: TaskStatus; outcome: TaskOutcome | null }): boolean {
  return status === 'completed' && outcome === 'prepared';
}

/** The statuses that only a retry leaves, and a publication of what was prepared. */
export function isTerminal(status: TaskStatus): boolean {
  switch (status) {
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'timed_out':
      return true;
    case 'queued':
    case 'running':
    case 'waiting':
      return false;
  }
}
