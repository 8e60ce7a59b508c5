import { lstat, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ChangedFile, Snapshot } from '../../ports/workspace.ts';
import { type GitGround, inObjects, inTree } from './git-box.ts';
import { runGit } from './run-git.ts';
import { readTreeChanges } from './tree-changes.ts';

/**
 * Brings the working tree back to what an earlier snapshot wrote; ignored files stay as they are. Call only when no process
 * of the task lives. False: the tree is not what it was, and nobody should go on in it.
 * @param take makes a snapshot of the tree as it is
 * @throws GitError
 */
export async function restoreTree(
  ground: GitGround,
  wanted: string,
  take: () => Promise<Snapshot>,
  signal?: AbortSignal,
): Promise<boolean> {
  const objects = inObjects(ground);
  const { tree } = ground.paths;
  const now = await take();
  if (now.refused.length > 0) return false;
  if (now.tree === wanted) return true;
  const known = await runGit(['cat-file', '-e', `${wanted}^{tree}`], objects).then(
    () => true,
    () => false,
  );
  if (!known) return false;
  const changes = await readTreeChanges(objects, now.tree, wanted);
  for (const { path, status } of changes) {
    if (status !== 'added' && !(await removeFile(tree, path))) return false;
  }
  await checkoutPaths(ground, wanted, changes, signal);
  const after = await take();
  return after.refused.length === 0 && after.tree === wanted;
}

/** False: a link stands on the way, behind which nothing of the tree lies. */
async function removeFile(tree: string, path: string): Promise<boolean> {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const stats = await lstat(join(tree, folder)).catch(() => null);
    if (stats?.isDirectory() !== true) return false;
  }
  await rm(join(tree, path), { force: true });
  return true;
}

async function checkoutPaths(
  ground: GitGround,
  tree: string,
  changes: readonly ChangedFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const missing = changes.filter(({ status }) => status !== 'deleted').map(({ path }) => `${path}\0`);
  const index = join(ground.paths.scratch, 'restore-index');
  for (const file of [index, `${index}.lock`]) await rm(file, { force: true });
  const call = { ...(await inTree(ground, 'write')), env: { GIT_INDEX_FILE: index }, signal };
  await runGit(['read-tree', tree], call);
  if (missing.length > 0) {
    await runGit(['checkout-index', '-f', '-q', '-z', '--stdin'], { ...call, input: missing.join('') });
  }
}
