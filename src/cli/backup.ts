import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pino } from 'pino';
import { dataDirectory, loadEnvFile } from '../config.ts';
import { cleanLines } from '../core/render/terminal-text.ts';
import { ENV_FILE } from '../operator.ts';
import { lockDataDirectory } from '../platform/data-lock.ts';
import { makePrivateFolder } from '../platform/private-folder.ts';
import { type CopiedDatabase, CopyRefused, copyDatabase } from '../store/sqlite/copy-database.ts';
import { DATABASE, findDataFolder } from './open-data.ts';

export interface BackupFlags {
  /** Default: the server's. */
  data?: string;
  force: boolean;
  json: boolean;
}

export type RestoreFlags = Omit<BackupFlags, 'force'>;

/**
 * Copies the database of the data directory, whether its server runs or not. Exit status: 0; 1 with a sentence on standard
 * error when there is no whole copy.
 * @param given a folder, which exists or ends in a slash: the file is named by the time; or a file
 */
export async function runBackup(given: string, flags: BackupFlags, now: number = Date.now()): Promise<number> {
  return told(() => {
    const data = findDataFolder(flags.data ?? dataDirectory());
    if (data === null) throw new CopyRefused(`There is no ${DATABASE} in ${flags.data ?? dataDirectory()}. ${NAME_IT}`);
    const to = target(given, now);
    makeFolder(dirname(to));
    refuseInside(data, to);
    const from = join(data, DATABASE);
    return report(
      { file: to, from, now, ...copyDatabase(from, to, { replace: flags.force }) },
      flags.json,
      AFTER_BACKUP,
    );
  });
}

/**
 * Puts a backup into a data directory that has no database yet; never into one that is in use. Exit status as above.
 * @param given the file of a backup
 */
export async function runRestore(given: string, flags: RestoreFlags, now: number = Date.now()): Promise<number> {
  return told(() => {
    const from = resolve(given);
    if (!existsSync(from)) throw new CopyRefused(`${from} does not exist.`);
    const data = resolve(flags.data ?? dataDirectory());
    const file = join(data, DATABASE);
    refuseLeftovers(data);
    makePrivateFolder(data, LOG);
    const lock = lockDataDirectory(data, now);
    try {
      refuseLeftovers(data);
      return report({ file, from, now, ...copyDatabase(from, file, { replace: false }) }, flags.json, AFTER_RESTORE);
    } finally {
      lock.release();
    }
  });
}

const LOG = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
const NAME_IT = "Name the server's data directory: --data <folder>, or FLEET_DATA_DIR.";
const AFTER_BACKUP =
  'Not in it: logs, and workspaces and mirrors, which are made anew; your .env, key and settings file. ' +
  'To restore: fleet restore <this file> --data <a new folder> (docs/operations.md, Backup).';
const AFTER_RESTORE =
  'Start the server with this data directory. What was done after the backup it does not know: docs/operations.md, Backup.';

async function told(work: () => void): Promise<number> {
  loadEnvFile(ENV_FILE);
  try {
    work();
    return 0;
  } catch (error) {
    process.stderr.write(`${cleanLines(error instanceof Error ? error.message : String(error))}\n`);
    return 1;
  }
}

function target(given: string, now: number): string {
  const isFolder = given.endsWith(sep) || (existsSync(given) && statSync(given).isDirectory());
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return isFolder ? join(resolve(given), `flotilla-${time}Z.db`) : resolve(given);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new CopyRefused(`The folder ${folder} cannot be made (${why}).`, { cause: error });
  }
}

/** With --force it could be the database itself; and what is lost with the folder would be lost with its backup. */
function refuseInside(data: string, to: string): void {
  const way = relative(realpathSync(data), join(realpathSync(dirname(to)), basename(to)));
  if (way === '..' || way.startsWith(`..${sep}`)) return;
  throw new CopyRefused(`${to} is in the data directory. Name a place outside of it, best on another disk.`);
}

/** A write-ahead log of another database would be played into the restored one. */
function refuseLeftovers(data: string): void {
  const there = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`].find((name) => existsSync(join(data, name)));
  if (there === undefined) return;
  const what = `${join(data, there)} exists, and nothing is overwritten.`;
  throw new CopyRefused(`${what} Name a new folder: --data <folder>; or stop the server and move the old one away.`);
}

function report(
  made: CopiedDatabase & { file: string; from: string; now: number },
  json: boolean,
  after: string,
): void {
  const { file, from, version, bytes, fleets, unended, lastEventAt, now } = made;
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  if (json) {
    const facts = { version, bytes, fleets, unended_fleets: unended, last_event_at: iso(lastEventAt), at: iso(now) };
    process.stdout.write(`${JSON.stringify({ file, from, ...facts })}\n`);
    return;
  }
  const held = `${count(fleets, 'fleet')}, of which ${unended} ${unended === 1 ? 'has' : 'have'} not ended`;
  const last = lastEventAt === null ? 'nothing happened yet' : `last event ${iso(lastEventAt)}`;
  const lines = [
    file,
    `  from ${from}, ${iso(now)}`,
    `  ${held}; ${last}`,
    `  version ${version}, ${bytes} bytes, looked through: whole`,
  ];
  process.stdout.write(`${cleanLines([...lines, after].join('\n'))}\n`);
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
