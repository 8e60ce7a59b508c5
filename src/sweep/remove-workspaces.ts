import { byAge, chooseWorkspaces } from '../core/disk/choose-workspaces.ts';
import { byteText } from '../core/render/amounts.ts';
import type { SweepContext } from './context.ts';
import type { MeasuredWorkspace } from './measure.ts';

export interface KeptWorkspaces {
  bytes: number;
  /** Those that may still go, should it have to be, in order. */
  spare: readonly MeasuredWorkspace[];
  /** Repositories in whose workspaces tasks go on. */
  needed: ReadonlySet<number>;
}

/** Removes what is past its retention, and what `maxBytes` has no room for. Returns what stays. */
export async function removeWorkspaces(
  context: SweepContext,
  held: readonly MeasuredWorkspace[],
  maxBytes: number,
): Promise<KeptWorkspaces> {
  const { limits, keepWorkspaces, clock } = context;
  // A task that waited has no worker when it is cancelled, so that nobody else removes what nobody wants to keep.
  const retentionMs = keepWorkspaces === 'none' ? 0 : limits.retentionMs;
  const choice = chooseWorkspaces(held, { maxBytes, retentionMs }, clock.now());
  const byTask = new Map(held.map((workspace) => [workspace.taskId, workspace]));
  let { bytes } = choice;
  for (const { taskId, why } of choice.remove) {
    const workspace = byTask.get(taskId);
    if (workspace === undefined) continue;
    byTask.delete(taskId);
    if (!(await removeOne(context, workspace, why))) bytes += workspace.bytes;
  }
  const needed = held.flatMap(({ task, spareSince }) => (spareSince === null ? [task.repositoryId] : []));
  return { bytes, spare: byAge([...byTask.values()]), needed: new Set(needed) };
}

/** False: its task goes on again, or the folder could not be removed, which the next sweep finds again. */
export async function removeOne(
  { store, workspaces, clock, log }: SweepContext,
  { task, bytes }: MeasuredWorkspace,
  why: 'retention' | 'quota',
): Promise<boolean> {
  const { id: taskId, fleetId, repositoryId, repository: folder } = task;
  const early = why === 'quota';
  try {
    const forget = () => store.write((tx) => tx.tasks.forgetWorkspace(task, early, clock.now()));
    // What is kept would take the room that this is to make.
    const removed = await workspaces.remove({ fleetId, taskId, repositoryId, folder }, forget, { keep: false });
    if (removed && early) {
      const fields = { task: taskId, fleet: fleetId, repository: folder, size: byteText(bytes) };
      log.info(fields, 'a workspace was removed before its retention was over, as the disk has no more room for it');
    }
    return removed;
  } catch (error) {
    log.warn({ task: taskId, err: error }, 'a workspace could not be removed');
    return false;
  }
}
