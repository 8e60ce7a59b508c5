import type { SweepContext } from './context.ts';
import type { MeasuredFolder } from './measure.ts';

/**
 * Removes kept trees as long as all together take more than `maxBytes`, the one kept longest ago first: they are the first to
 * go, as all they save is time. Returns the bytes of what stays.
 */
export async function removeKeptTrees(
  { workspaces, log }: Pick<SweepContext, 'workspaces' | 'log'>,
  trees: readonly MeasuredFolder[],
  maxBytes: number,
): Promise<number> {
  let bytes = trees.reduce((sum, tree) => sum + tree.bytes, 0);
  for (const tree of trees.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= maxBytes) break;
    try {
      await workspaces.removeKeptTree(tree.repositoryId);
      // One that is not there was taken by a task, whose workspace counts for it.
      bytes -= tree.bytes;
    } catch (error) {
      log.warn({ repositoryId: tree.repositoryId, err: error }, 'a kept tree could not be removed');
    }
  }
  return bytes;
}
