import type { TaskStatus } from '../status.ts';

/** What stands before a task on a terminal. */
export const TASK_SIGNS: Readonly<Record<TaskStatus, string>> = {
  queued: '·',
  running: '▶',
  waiting: '⏸',
  completed: '✓',
  failed: '✗',
  cancelled: '⊘',
  timed_out: '✗',
};
