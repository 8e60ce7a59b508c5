import { accessSync, constants, existsSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { overfull } from '../../core/disk/room.ts';
import type { DiskLimits } from '../../core/settings/types.ts';
import { lockHolder } from '../../platform/data-lock.ts';
import { freeBytes, freeForFiles } from '../../platform/disk/free-bytes.ts';
import { measure } from '../../platform/disk/measure.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

export interface DataFolder {
  findings: Finding[];
  /** Who runs with it, such as `process 7 on host, since …`; null: nobody. */
  holder: string | null;
}

/** Owner, mode and room of the data directory. Nothing is made. */
export async function checkDataFolder(given: string, limits: DiskLimits | null): Promise<DataFolder> {
  const folder = resolve(given);
  const found = statSync(folder, { throwIfNoEntry: false });
  const room = await checkRoom(folder, limits);
  if (found === undefined) return { findings: [checkParent(folder), ...room], holder: null };
  return { findings: [...checkAccess(folder, found), ...room], holder: lockHolder(folder) };
}

const CHECK = 'data-directory';

function checkParent(folder: string): Finding {
  const parent = nearest(folder);
  if (isWritable(parent)) return ok(CHECK, `${folder} does not exist yet; the server makes it.`);
  const remedy = `Make it and give it to the server's user, or set FLEET_DATA_DIR.`;
  return fault(CHECK, `${folder} does not exist, and this user cannot make it.`, remedy);
}

function checkAccess(folder: string, { uid, mode }: Stats): Finding[] {
  const user = process.getuid?.();
  const owner = user === undefined || user === 0 || uid === user;
  if (!isWritable(folder)) {
    const remedy = `Run this as the server's user; else chown -R <user> ${folder}, or set FLEET_DATA_DIR.`;
    return [fault(CHECK, `${folder} cannot be written by this user; it belongs to user ${uid}.`, remedy)];
  }
  if (!owner) {
    return [warning(CHECK, `${folder} belongs to user ${uid}, not to this one.`, "Run this as the server's user.")];
  }
  if ((mode & 0o077) !== 0) {
    const open = `${folder} is open to other users of this machine (mode ${(mode & 0o777).toString(8)}).`;
    return [warning(CHECK, open, `chmod 700 ${folder}; the server does so when it starts.`)];
  }
  return [ok(CHECK, `${folder} is this user's alone.`)];
}

async function checkRoom(folder: string, limits: DiskLimits | null): Promise<Finding[]> {
  const free = await freeForFiles(nearest(folder));
  const space = await freeBytes(nearest(folder));
  const inodes = free < space ? ` (inodes for ${gib(free)})` : '';
  const [workspaces, mirrors] = [await taken(folder, 'workspaces'), await taken(folder, 'mirrors')];
  const tells = `${gib(space)} free${inodes}; workspaces take ${gib(workspaces)}, mirrors ${gib(mirrors)}`;
  if (limits === null) return [ok('disk', `${tells}.`)];
  const over = overfull({ workspaces, mirrors, free }, limits, false);
  if (over.length > 0) {
    const remedy = 'Make room on the file system, or raise `disk` in the settings: docs/operations.md, Disk.';
    return [fault('disk', `${tells}: no task begins, for want of ${over.join(', ')}.`, remedy)];
  }
  const wanted = Math.max(0, limits.workspacesBytes - workspaces) + Math.max(0, limits.mirrorsBytes - mirrors);
  if (free >= wanted) return [ok('disk', `${tells}.`)];
  const remedy = 'Enlarge it, or lower `disk.workspaces` and `disk.mirrors`; removal begins early until then.';
  return [warning('disk', `${tells}: the limits of \`disk\` allow ${gib(wanted)} more.`, remedy)];
}

/** What cannot be measured counts as nothing. */
async function taken(folder: string, name: string): Promise<number> {
  const [size] = await measure([join(folder, name)]);
  return size?.bytes ?? 0;
}

const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** The folder itself, or the first above it that exists. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
