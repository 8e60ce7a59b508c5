import { mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Disk, WorkspaceFolder } from '../../ports/disk.ts';
import { USED_FILE } from '../git/mirror.ts';
import { measure } from './measure.ts';

/** @param dataDir absolute, or from the current folder */
export function createDisk(options: { dataDir: string }): Disk {
  const dataDir = resolve(options.dataDir);
  return {
    workspaces: () => listWorkspaces(join(dataDir, 'workspaces')),
    mirrors: () => listMirrors(join(dataDir, 'mirrors')),
    bytes: measure,
    async freeBytes() {
      await mkdir(dataDir, { recursive: true });
      const { bavail, bsize } = await statfs(dataDir);
      return bavail * bsize;
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

async function listMirrors(root: string) {
  const found: { repositoryId: number; path: string; usedAt: number }[] = [];
  for (const name of await foldersIn(root)) {
    const [, id] = /^(\d{1,15})\.git$/.exec(name) ?? [];
    if (id === undefined) continue;
    const path = join(root, name);
    // One that was never used to its end was only half made.
    const used = await stat(join(path, USED_FILE)).catch(() => undefined);
    found.push({ repositoryId: Number(id), path, usedAt: used?.mtimeMs ?? 0 });
  }
  return found;
}

/** Links are no folders here. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
