import type { TaskWrites } from '../store/contract/tasks.ts';
import { TaskCancelled } from './task-cancelled.ts';
import { TaskPaused } from './task-paused.ts';

type Entered = Awaited<ReturnType<TaskWrites['enterPublishing']>>;

/** Throws TaskCancelled or TaskPaused where the task may not publish. */
export function requireEntered(entered: Entered): void {
  switch (entered) {
    case 'entered':
      return;
    case 'cancelled':
      throw new TaskCancelled();
    case 'paused':
      throw new TaskPaused();
  }
}
