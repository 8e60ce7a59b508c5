import { isFleetId } from '../core/ids.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { SweepContext } from './context.ts';

/** Removes what a crash left of removals, and folders of workspaces that no task has: from a crash, or a removal that failed. */
export async function removeOrphans({ store, workspaces, disk, log }: SweepContext): Promise<void> {
  try {
    // Asked here, so that the process of git is not started for nothing.
    if (await disk.hasHalfRemoved()) await workspaces.removeHalfRemoved();
  } catch (error) {
    log.warn({ err: error }, 'what is left of a mirror or of a kept tree could not be removed');
  }
  for (const place of await disk.workspaces()) {
    const isOrphan = async () => isNobodys(await store.read.tasks.inFolder(place.fleetId, place.folder));
    // Asked before too, as the folder's turn can be minutes away while it is made.
    // An operator may keep other things beside ours.
    if (!isFleetId(place.fleetId) || !(await isOrphan())) continue;
    try {
      await workspaces.removeOrphan(place, isOrphan);
    } catch (error) {
      log.warn({ folder: place.path, err: error }, 'a folder that belongs to no task could not be removed');
    }
  }
}

const isNobodys = (task: TaskRow | undefined): boolean =>
  task === undefined || (task.workspace === null && task.status !== 'running');
