import type { SweepContext } from './context.ts';
import type { MeasuredFolder, MeasuredWorkspace } from './measure.ts';
import { type KeptWorkspaces, removeOne } from './remove-workspaces.ts';

/**
 * Removes mirrors as long as all together take more than `maxBytes`, the one used longest ago first; where workspaces
 * borrow from all that are left, those go before them that nobody goes on from. Returns the bytes of what stays.
 */
export async function removeMirrors(
  context: SweepContext,
  mirrors: readonly MeasuredFolder[],
  kept: KeptWorkspaces,
  maxBytes: number,
): Promise<{ workspaces: number; mirrors: number }> {
  const left = new Map(mirrors.map((mirror) => [mirror.repositoryId, mirror]));
  let workspaces = kept.bytes;
  const bytes = () => [...left.values()].reduce((sum, mirror) => sum + mirror.bytes, 0);
  const remove = async (repositoryId: number) => {
    if (await removeMirror(context, repositoryId)) left.delete(repositoryId);
  };
  for (const { repositoryId } of mirrors.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (bytes() <= maxBytes) break;
    await remove(repositoryId);
  }
  for (const [repositoryId, borrowers] of spareByRepository(kept)) {
    if (bytes() <= maxBytes) break;
    if (!left.has(repositoryId) || kept.needed.has(repositoryId)) continue;
    for (const workspace of borrowers) {
      if (await removeOne(context, workspace, 'quota')) workspaces -= workspace.bytes;
    }
    await remove(repositoryId);
  }
  return { workspaces, mirrors: bytes() };
}

/** A mirror goes with the last workspace that borrows from it, so that one's place in the order is the mirror's. */
function spareByRepository({ spare }: KeptWorkspaces): Map<number, MeasuredWorkspace[]> {
  const borrowers = new Map<number, MeasuredWorkspace[]>();
  for (const workspace of spare) {
    const { repositoryId } = workspace.task;
    const before = borrowers.get(repositoryId) ?? [];
    borrowers.delete(repositoryId);
    borrowers.set(repositoryId, [...before, workspace]);
  }
  return borrowers;
}

async function removeMirror({ store, workspaces, log }: SweepContext, repositoryId: number): Promise<boolean> {
  try {
    const removed = await workspaces.removeMirror(repositoryId, async (taskId) => {
      const task = await store.read.tasks.get(taskId);
      return task !== undefined && (task.workspace !== null || task.status === 'running');
    });
    if (removed) log.info({ repositoryId }, 'a mirror was removed, as the disk has no more room for it');
    return removed;
  } catch (error) {
    log.warn({ repositoryId, err: error }, 'a mirror could not be removed');
    return false;
  }
}
