import type { SweepContext } from './context.ts';
import type { Measure } from './measure.ts';
import { type KeptWorkspaces, removeOne } from './remove-workspaces.ts';

/**
 * Removes mirrors as long as all together are over their quota, the one used longest ago first; where workspaces borrow
 * from all that are left, those go before them that nobody goes on from. Returns the bytes of what stays.
 */
export async function removeMirrors(
  context: SweepContext,
  measure: Measure,
  { spare }: Pick<KeptWorkspaces, 'spare'>,
): Promise<number> {
  const max = context.limits.mirrorsBytes;
  const left = new Map((await measure.mirrors()).map((mirror) => [mirror.repositoryId, mirror]));
  const bytes = () => [...left.values()].reduce((sum, mirror) => sum + mirror.bytes, 0);
  const remove = async (repositoryId: number) => {
    if (left.has(repositoryId) && (await removeMirror(context, repositoryId))) left.delete(repositoryId);
  };
  for (const { repositoryId } of [...left.values()].sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes() <= max) break;
    await remove(repositoryId);
  }
  for (const workspace of spare) {
    if (bytes() <= max) break;
    if (await removeOne(context, workspace, 'quota')) await remove(workspace.task.repositoryId);
  }
  return bytes();
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
