import { existsSync } from 'node:fs';
import { mkdir, rename, stat, statfs, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyIndex } from './decoy.ts';
import { removeFolder } from './remove-folder.ts';
import { isUsable, moveUntouched, type TreeRecord, writeTreeRecord } from './tree-record.ts';
import type { WorkspacePaths } from './workspace-paths.ts';

/**
 * A kept tree lies beside its mirror: what a task left untouched of the files that were checked out for it, so that the next
 * task of the repository need not write them again. In it:
 * tree    folders in which nothing was touched
 * index   git's, of the commit that was checked out, with inode and times of its files
 * folders inode and change time of each folder, see `TreeRecord`
 * Until it is kept all of it lies in the workspace, where no box has it.
 */
const treeIn = (folder: string): string => join(folder, 'tree');
const indexIn = (folder: string): string => join(folder, 'index');
const recordIn = (folder: string): TreeRecord => ({ index: indexIn(folder), folders: join(folder, 'folders') });

/**
 * Of these it is known that every change of a file or a folder sets a time, a store through a mapping too, which tmpfs does not
 * tell; but for requests that exchange the blocks of files, which no filtered box can make. Numbers: statfs(2).
 */
export const TIME_KEEPING: ReadonlySet<number> = new Set([
  0xef53, // ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
]);

/**
 * Before untrusted code may write to the tree.
 * @param trusted types of file systems on which trees are kept
 */
export async function recordCheckout(
  { path, tree, index, checkedOut }: WorkspacePaths,
  kept: string,
  trusted: ReadonlySet<number>,
): Promise<void> {
  const { dev } = await stat(path);
  const { type } = await statfs(path);
  if (!trusted.has(type) || (await stat(dirname(kept))).dev !== dev) return;
  await mkdir(checkedOut, { mode: 0o700 });
  await copyIndex(index, indexIn(checkedOut));
  await writeTreeRecord(tree, recordIn(checkedOut));
}

/**
 * Keeps what can be kept of a workspace that is about to be removed, unless the repository has a kept tree already. Call only
 * when no process of the task lives.
 * @param kept the folder for it, on the same file system
 * @returns whether it was kept
 */
export async function keepTree({ tree, checkedOut }: WorkspacePaths, kept: string): Promise<boolean> {
  const record = recordIn(checkedOut);
  if (existsSync(kept) || !(await isUsable(record))) return false;
  if (!(await moveUntouched(tree, record, treeIn(checkedOut)))) return false;
  return move(checkedOut, kept);
}

/**
 * Makes the repository's kept tree the one of this workspace, with its index: git then writes only what differs.
 * @returns false: there is none that can be used
 */
export async function takeKeptTree(
  { path, tree, scratch, index, checkedOut }: WorkspacePaths,
  kept: string,
): Promise<boolean> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  // As a whole and at once: of two tasks one has it, and what a killed process had taken goes with its workspace.
  if (!(await move(kept, checkedOut))) return false;
  const usable = await isUsable(recordIn(checkedOut));
  if (usable) {
    await rename(treeIn(checkedOut), tree);
    await mkdir(scratch, { mode: 0o700 });
    await rename(indexIn(checkedOut), index);
    // git reads each file that is not older than its index, as it compares seconds (its racy-git.txt): of these we know better.
    const now = new Date();
    await utimes(index, now, now);
  }
  await removeFolder(checkedOut);
  return usable;
}

/** @returns whether it was there */
export async function removeKeptTree(kept: string): Promise<boolean> {
  const gone = `${kept}.removed`;
  await removeFolder(gone);
  // At once, as the next task of the repository may come for it.
  if (!(await move(kept, gone))) return false;
  await removeFolder(gone);
  return true;
}

/** False: it is not there, or the other is. */
async function move(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
