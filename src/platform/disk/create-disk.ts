import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Disk, RepositoryFolder, WorkspaceFolder } from '../../ports/disk.ts';
import { USED_FILE } from '../git/mirror.ts';
import { freeBytes, freeForFiles } from './free-bytes.ts';
import { measure } from './measure.ts';

/** @param dataDir absolute, or from the current folder */
export function createDisk(options: { dataDir: string }): Disk {
  const dataDir = resolve(options.dataDir);
  return {
    workspaces: () => listWorkspaces(join(dataDir, 'workspaces')),
    // One that was never used to its end was only half made.
    mirrors: () => listRepositoryFolders(join(dataDir, 'mirrors'), '.git', USED_FILE),
    keptTrees: () => listRepositoryFolders(join(dataDir, 'mirrors'), '.tree', '.'),
    sizes: measure,
    hasHalfRemoved: async () => (await foldersIn(join(dataDir, 'mirrors'))).some((name) => name.endsWith('.removed')),
    async freeBytes() {
      await mkdir(dataDir, { recursive: true });
      return freeBytes(dataDir);
    },
    async freeForFiles() {
      await mkdir(dataDir, { recursive: true });
      return freeForFiles(dataDir);
    },
  };
}

async function listWorkspaces(root: string): Promise<WorkspaceFolder[]> {
  const found: WorkspaceFolder[] = [];
  for (const fleetId of await foldersIn(root)) {
    for (const owner of await foldersIn(join(root, fleetId))) {
      for (const name of await foldersIn(join(root, fleetId, owner))) {
        found.push({ path: join(root, fleetId, owner, name), fleetId, folder: `${owner}/${name}` });
      }
    }
  }
  return found;
}

/** @param used what was written last in each, by name */
async function listRepositoryFolders(
  root: string,
  ending: '.git' | '.tree',
  used: string,
): Promise<RepositoryFolder[]> {
  const found: RepositoryFolder[] = [];
  for (const name of await foldersIn(root)) {
    const [, id, its] = /^(\d{1,15})(\.git|\.tree)$/.exec(name) ?? [];
    if (id === undefined || its !== ending) continue;
    const path = join(root, name);
    const stats = await stat(join(path, used)).catch(() => undefined);
    found.push({ repositoryId: Number(id), path, usedAt: stats?.mtimeMs ?? 0 });
  }
  return found;
}

/** Links are no folders here. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
