import { lstatSync, mkdirSync, renameSync, type Stats } from 'node:fs';
import { readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { type IndexEntry, readIndexEntries } from './index-entries.ts';

/**
 * What was checked out, before untrusted code may write there: git's index has inode and change time of each file, and a file
 * beside it those of each folder. Whatever somebody does to a file or a folder changes that time, which nobody can set, on the file
 * systems of `TIME_KEEPING`.
 */
export interface TreeRecord {
  /** A copy of git's, which nobody changes. */
  index: string;
  folders: string;
}

type Folder = z.infer<typeof FOLDERS>['folders'][number];

const FOLDERS = z.object({
  /** Of the start of the system. */
  boot: z.string(),
  /** What the system's clock is ahead of the time since its start, in milliseconds. */
  clockAheadMs: z.number(),
  /** Each before what is in it; paths as in the index. */
  folders: z.array(z.object({ path: z.string(), ino: z.number(), ctimeMs: z.number() })),
});

/** @throws where the index cannot be read, or a path is too long for us */
export async function writeTreeRecord(tree: string, { index, folders: file }: TreeRecord): Promise<void> {
  const entries = readIndexEntries(await readFile(index));
  const folders: Folder[] = [];
  const breathe = createBreath();
  for (const path of foldersOf(entries)) {
    const { ino, ctimeMs } = lstatSync(inTree(tree, path));
    folders.push({ path, ino, ctimeMs });
    await breathe();
  }
  const latest = [...entries, ...folders].reduce((newest, { ctimeMs }) => Math.max(newest, ctimeMs), 0);
  // Half of it would tell nothing of what is missing in it.
  const content = { boot: await bootId(), clockAheadMs: clockAheadMs(), folders } satisfies z.infer<typeof FOLDERS>;
  await writeFile(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${file}.new`, file);
  for (let tries = 0; tries < TICKS && isAsNew(latest, await changedAt(file)); tries += 1) {
    await setTimeout(1);
    await utimes(file, 0, 0);
  }
}

/** The clock of a file system ticks each 1 to 10 ms; for one that is coarser nobody waits. */
const TICKS = 20;
const changedAt = async (file: string): Promise<number> => (await stat(file)).ctimeMs;
/** As a number of milliseconds a time is rounded, by less than this. */
const ROUNDED_MS = 0.001;
const isAsNew = (ctimeMs: number, thanMs: number): boolean => ctimeMs >= thanMs - ROUNDED_MS;

/**
 * Whether the record was written since the system started, as what a power cut leaves of files is not known, and no clock was
 * set back since, which could give a time a second time.
 */
export async function isUsable(record: TreeRecord): Promise<boolean> {
  const read = await readFolders(record).catch(() => null);
  return read !== null && read.boot === (await bootId()) && read.clockAheadMs <= clockAheadMs() + SLACK_MS;
}

const readFolders = async ({ folders }: TreeRecord) => FOLDERS.parse(JSON.parse(await readFile(folders, 'utf8')));

/**
 * Moves each folder of the tree in which nothing was touched since the record to the same path in `to`. Call only when no
 * process that could write to the tree lives. Only what was recorded is looked at, as nobody bounds what a task adds: a new
 * name shows in its folder's change time.
 * @returns whether there was one
 */
export async function moveUntouched(tree: string, record: TreeRecord, to: string): Promise<boolean> {
  const entries = readIndexEntries(await readFile(record.index));
  const { folders } = await readFolders(record);
  // A change within the same tick of the file system's clock would not show.
  const recordedMs = await changedAt(record.folders);
  const isAsRecorded = (stats: Stats | null, { ino, ctimeMs }: Pick<Folder, 'ino' | 'ctimeMs'>): boolean =>
    stats !== null &&
    stats.ino % INDEX_INO === ino % INDEX_INO &&
    Math.abs(stats.ctimeMs - ctimeMs) < ROUNDED_MS &&
    !isAsNew(stats.ctimeMs, recordedMs);
  // What lies at the top stays, as its own folder is never moved.
  const touched = new Set(['.']);
  const there = new Set(['.']);
  const breathe = createBreath();
  for (const folder of folders) {
    // A link in the place of one is not followed.
    const stats = there.has(dirname(folder.path)) ? lookAt(tree, folder.path) : null;
    if (stats?.isDirectory() === true) there.add(folder.path);
    if (!isAsRecorded(stats, folder)) touch(folder.path, touched);
    await breathe();
  }
  for (const { path, submodule, ...entry } of entries) {
    const folder = dirname(path);
    if (submodule || touched.has(folder)) continue;
    if (!isAsRecorded(lookAt(tree, path), entry)) touch(folder, touched);
    await breathe();
  }
  const moving = folders.filter(({ path }) => !touched.has(path) && touched.has(dirname(path)));
  if (moving.length === 0) return false;
  mkdirSync(to, { mode: 0o700 });
  for (const { path } of moving) {
    // As git makes it.
    mkdirSync(inTree(to, dirname(path)), { recursive: true });
    renameSync(inTree(tree, path), inTree(to, path));
  }
  return true;
}

/** git's index has this much of an inode's number. */
const INDEX_INO = 2 ** 32;

/** Of the index, each before what is in it; the top is none of them. */
function foldersOf(entries: readonly IndexEntry[]): Set<string> {
  const found = new Set<string>();
  const add = (folder: string): void => {
    if (folder === '.' || found.has(folder)) return;
    add(dirname(folder));
    found.add(folder);
  };
  for (const { path, submodule } of entries) add(submodule ? path : dirname(path));
  return found;
}

/** With all folders that it is in. */
function touch(folder: string, touched: Set<string>): void {
  for (let at = folder; !touched.has(at); at = dirname(at)) touched.add(at);
}

/** null: it is gone, or nobody may look. */
function lookAt(tree: string, path: string): Stats | null {
  try {
    return lstatSync(inTree(tree, path));
  } catch {
    return null;
  }
}

/** Names are bytes: as latin1 each is a character. Most are the same as text, which costs less. */
const inTree = (tree: string, path: string): string | Buffer =>
  NOT_ASCII.test(path) ? Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(path, 'latin1')]) : `${tree}/${path}`;
const NOT_ASCII = /[\u0080-\u00ff]/;

/** Lets others have a turn now and then: a repository can have any number of files. */
function createBreath(): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    count += 1;
    return count % 1000 === 0 ? setImmediate() : undefined;
  };
}

/** @throws where the system does not say when it started */
const bootId = async (): Promise<string> => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();

/** Both clocks are the system's, so that only who sets one changes it. */
const clockAheadMs = (): number => Date.now() - Number(process.hrtime.bigint() / 1_000_000n);
/** What lies between the two looks, and the rounding of both. */
const SLACK_MS = 5;
