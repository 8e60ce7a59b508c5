import { compileRepositoryGlob } from '../core/selection/repository-glob.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

/** Whether a command with this glob, or with none, means the task. */
export function isMeant({ repository }: TaskRow, glob: string | undefined): boolean {
  if (glob === undefined) return true;
  const name = repository.slice(repository.indexOf('/') + 1);
  return compileRepositoryGlob(glob)({ fullName: repository, name });
}

/** Those queued at or after `receivedAt`, so by this very command, whose answer was lost, or by one that came with it. */
export async function queuedBefore(
  { events }: Pick<Reads, 'events'>,
  { id, turnedAt }: FleetRow,
  meant: readonly TaskRow[],
  by: { type: 'task_retried' | 'task_publish_requested'; receivedAt: number },
): Promise<TaskRow[]> {
  if ((turnedAt ?? 0) < by.receivedAt) return [];
  const ids = new Set(
    (await events.ofFleet(id)).flatMap(({ at, event }) =>
      event.type === by.type && at >= by.receivedAt ? [event.taskId] : [],
    ),
  );
  return meant.filter((task) => ids.has(task.id));
}
