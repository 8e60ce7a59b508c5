import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';

export interface DataLock {
  /** For tests and an orderly end; the end of the process releases it too. */
  release(): void;
}

const holderSchema = z.object({ pid: z.number(), host: z.string(), since: z.string() });

/** A collected handle would release its lock. */
const held = new Set<Database.Database>();

/**
 * Takes `<dir>/lock.db` for the life of this process, so that one process works on one data directory.
 * The operating system frees it when the process dies, however it dies. Throws when another process holds it, and names that one.
 */
export function lockDataDirectory(dir: string, now: number = Date.now()): DataLock {
  const handle = new Database(join(dir, 'lock.db'), { timeout: 0 });
  try {
    handle.exec('begin exclusive');
  } catch (error) {
    handle.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new Error(
      `The data directory ${dir} is in use by ${describeHolder(dir)}. ` +
        'Stop that process, or give this one another FLEET_DATA_DIR.',
      { cause: error },
    );
  }
  held.add(handle);
  writeHolder(dir, { pid: process.pid, host: hostname(), since: new Date(now).toISOString() });
  return {
    release() {
      held.delete(handle);
      handle.close();
    },
  };
}

/** Who holds `<dir>/lock.db` now, such as `process 7 on host, since …`; null: nobody. Nothing is made or kept locked. */
export function lockHolder(dir: string): string | null {
  const file = join(dir, 'lock.db');
  if (!existsSync(file)) return null;
  const handle = new Database(file, { readonly: true, timeout: 0 });
  try {
    handle.prepare('select count(*) from sqlite_schema').get();
    return null;
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    return describeHolder(dir);
  } finally {
    handle.close();
  }
}

const holderFile = (dir: string) => join(dir, 'lock.json');

/** By renaming, so that a second process never reads half of it. */
function writeHolder(dir: string, holder: z.infer<typeof holderSchema>): void {
  const draft = `${holderFile(dir)}.${holder.pid}`;
  writeFileSync(draft, `${JSON.stringify(holder)}\n`);
  renameSync(draft, holderFile(dir));
}

function describeHolder(dir: string): string {
  try {
    const { pid, host, since } = holderSchema.parse(JSON.parse(readFileSync(holderFile(dir), 'utf8')));
    return `process ${pid} on ${host}, since ${since}`;
  } catch {
    return 'another process, which has not written its name yet';
  }
}
