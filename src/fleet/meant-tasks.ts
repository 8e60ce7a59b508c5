import { compileRepositoryGlob } from '../core/selection/repository-glob.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

/** Whether a command with this glob, or with none, means the task. */
function isMeant({ repository }: TaskRow, glob: string | undefined): boolean {
  if (glob === undefined) return true;
  const name = repository.slice(repository.indexOf('/') + 1);
  return compileRepositoryGlob(glob)({ fullName: repository, name });
}

/** The fleet as it is now with its tasks in plan order, and those of them that the command means. */
export async function meantTasks(
  { fleets, tasks }: Pick<Reads, 'fleets' | 'tasks'>,
  fleetId: string,
  glob: string | undefined,
): Promise<{ fleet: FleetRow; all: readonly TaskRow[]; meant: readonly TaskRow[] }> {
  const fleet = await fleets.get(fleetId);
  if (fleet === undefined) throw new Error(`Fleet ${fleetId} vanished`);
  const all = await tasks.ofFleet(fleetId);
  return { fleet, all, meant: all.filter((task) => isMeant(task, glob)) };
}

/** What records who asked, directly before the event of each task that it queued. */
const ASKED = { task_retried: 'fleet_retried', task_publish_requested: 'fleet_publish_requested' } as const;

/**
 * Those queued at or after `receivedAt` by this person: by this very command, whose answer was lost, or by one that came
 * with it. What somebody else queued meanwhile is not what this command did.
 */
export async function queuedBefore(
  { events }: Pick<Reads, 'events'>,
  { id, turnedAt }: FleetRow,
  meant: readonly TaskRow[],
  by: { type: keyof typeof ASKED; login: string; receivedAt: number },
): Promise<TaskRow[]> {
  if ((turnedAt ?? 0) < by.receivedAt) return [];
  const ids = new Set<string>();
  let asker: string | null = null;
  for (const { at, event } of await events.ofFleet(id)) {
    if (event.type === ASKED[by.type]) asker = event.by;
    else if (event.type === by.type && asker === by.login && at >= by.receivedAt) ids.add(event.taskId);
  }
  return meant.filter((task) => ids.has(task.id));
}
