import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shortOf } from '../../core/disk/room.ts';
import type { Log } from '../../ports/log.ts';
import { anybodyLeft, killRecordedGroups } from '../process/recorded-groups.ts';
import { keepTree } from './kept-tree.ts';
import { releaseHold } from './mirror.ts';
import type { KeyedLock } from './mirror-lock.ts';
import { removeEmptyParents, removeFolder } from './remove-folder.ts';
import { mirrorPath, safeName, type WorkspacePaths, workspacePaths } from './workspace-paths.ts';
import { readRecord } from './workspace-record.ts';

interface Place {
  fleetId: string;
  folder: string;
}

interface Holder {
  taskId: string;
  repositoryId: number;
}

interface Parts {
  dataDir: string;
  folders: KeyedLock;
  mirrors: KeyedLock;
  /** null: nothing is kept. */
  keeping: Keeping | null;
}

/** What is left of a workspace for the repository's next task. */
interface Keeping {
  keptTreeOf(repositoryId: number): string;
  /** Of the file system that a folder is on. */
  freeBytes(path: string): Promise<number>;
  log: Log;
}

/**
 * Ends what runs there, removes the folder and the hold on the mirror. While it waits for its turn another worker may make
 * the workspace anew, so that `mayGo` is asked when the turn has come.
 * @param holder null: whoever the folder's own record names
 * @returns whether it was removed
 */
export async function removeWorkspace(
  { dataDir, folders, mirrors, keeping }: Parts,
  { fleetId, folder }: Place,
  holder: Holder | null,
  mayGo: () => Promise<boolean>,
): Promise<boolean> {
  const paths = workspacePaths(dataDir, fleetId, folder);
  const { path, pids } = paths;
  return folders.hold(path, async () => {
    if (!(await mayGo())) return false;
    const made = await readRecord(paths.record);
    const held = holder ?? made;
    await killRecordedGroups(pids);
    if (made !== undefined && keeping !== null) await keepIfRoom(paths, made.repositoryId, keeping);
    await removeFolder(path);
    await removeEmptyParents(path, join(dataDir, 'workspaces'));
    if (held !== undefined) await releaseHold(mirrorPath(dataDir, held.repositoryId), mirrors, safeName(held.taskId));
    return true;
  });
}

/**
 * Not while anybody of the task could still write there. And the sweep looks once a minute: what is kept while room is wanted
 * would be in use until then.
 */
async function keepIfRoom(
  paths: WorkspacePaths,
  repositoryId: number,
  { keptTreeOf, freeBytes, log }: Keeping,
): Promise<void> {
  try {
    if (await anybodyLeft(paths.pids)) return;
    if (shortOf(await freeBytes(paths.path)) === 0) await keepTree(paths, keptTreeOf(repositoryId));
  } catch (error) {
    // What cannot be kept, for whatever reason, goes with the rest.
    log.debug({ err: error, tree: paths.tree }, 'Nothing of this tree is kept.');
  }
}

/** What a crash left of mirrors and kept trees that were being removed; one that cannot go does not hold up others. */
export async function removeHalfRemoved(dataDir: string): Promise<void> {
  const root = join(dataDir, 'mirrors');
  const names = await readdir(root).catch((): string[] => []);
  const left = names.filter((name) => name.endsWith('.removed'));
  await Promise.all(left.map((name) => removeFolder(join(root, name))));
}
