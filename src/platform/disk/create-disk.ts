import { mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Disk, DiskSize, WorkspaceFolder } from '../../ports/disk.ts';
import { USED_FILE } from '../git/mirror.ts';

/** A folder of millions of files takes seconds; one that takes longer is not measured, rather than waited for. */
const MEASURE_MS = 60_000;

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

/** By the system's du: it walks from folder to folder, so that no depth and no number of files is too much for it. */
async function measure(path: string): Promise<DiskSize> {
  const { stdout, stderr, failed } = await execa('du', ['-skx', '--', path], {
    extendEnv: false,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    cwd: '/',
    stdin: 'ignore',
    timeout: MEASURE_MS,
    // A folder that cannot be read, or is gone by now, is told and left out; the sum is there all the same.
    reject: false,
  });
  const [, kibibytes] = /^(\d+)\s/m.exec(stdout ?? '') ?? [];
  const told = (stderr ?? '').split('\n').filter((line) => line !== '');
  const whole = !failed || (told.length > 0 && told.every((line) => GONE.test(line)));
  if (kibibytes !== undefined) return { bytes: Number(kibibytes) * 1024, whole };
  return whole ? { bytes: 0, whole } : { bytes: null, whole };
}

/** Whoever works there removes files while it is measured. */
const GONE = /: No such file or directory$/;
