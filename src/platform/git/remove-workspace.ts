import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { killRecordedGroups } from '../process/recorded-groups.ts';
import { releaseHold } from './mirror.ts';
import type { KeyedLock } from './mirror-lock.ts';
import { removeEmptyParents, removeFolder } from './remove-folder.ts';
import { mirrorPath, safeName, workspacePaths } from './workspace-paths.ts';
import { readRecord } from './workspace-record.ts';

interface Place {
  fleetId: string;
  folder: string;
}

interface Holder {
  taskId: string;
  repositoryId: number;
}

/**
 * Ends what runs there, removes the folder and the hold on the mirror. While it waits for its turn another worker may make
 * the workspace anew, so that `mayGo` is asked when the turn has come.
 * @param holder null: whoever the folder's own record names
 * @returns whether it was removed
 */
export async function removeWorkspace(
  { dataDir, folders, mirrors }: { dataDir: string; folders: KeyedLock; mirrors: KeyedLock },
  { fleetId, folder }: Place,
  holder: Holder | null,
  mayGo: () => Promise<boolean>,
): Promise<boolean> {
  const { path, pids, record } = workspacePaths(dataDir, fleetId, folder);
  return folders.hold(path, async () => {
    if (!(await mayGo())) return false;
    const held = holder ?? (await readRecord(record));
    await killRecordedGroups(pids);
    await removeFolder(path);
    await removeEmptyParents(path, join(dataDir, 'workspaces'));
    if (held !== undefined) await releaseHold(mirrorPath(dataDir, held.repositoryId), mirrors, safeName(held.taskId));
    return true;
  });
}

/** What a crash left of mirrors that were being removed. */
export async function removeHalfRemoved(dataDir: string): Promise<void> {
  const root = join(dataDir, 'mirrors');
  for (const name of await readdir(root).catch((): string[] => [])) {
    if (name.endsWith('.removed')) await removeFolder(join(root, name));
  }
}
