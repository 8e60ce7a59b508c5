import { type BigIntStats, lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** A record of another format is of no use: what was checked out otherwise may differ from what would be now. */
const FORMAT = 1;
/** The record's first fields: heading, and what the system's clock is ahead of the time since its start. */
const HEAD = 2;

/**
 * Notes inode and change time of everything in a tree, but for its `.git`, before untrusted code may write there. Whatever
 * somebody does to a folder's names, or to the mode and attributes of anything, changes that time, which nobody can set;
 * of what files hold see `takeKeptTree`.
 */
export async function writeTreeRecord(tree: string, file: string): Promise<void> {
  const fields = [await heading(), String(clockAhead())];
  let latest = 0n;
  const breathe = createBreath();
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of readdirSync(inTree(tree, folder), { encoding: 'latin1' })) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (path === '.git') continue;
      const stats = lstatSync(inTree(tree, path), { bigint: true });
      fields.push(path, identity(stats));
      if (stats.ctimeNs > latest) latest = stats.ctimeNs;
      if (stats.isDirectory()) folders.push(path);
      await breathe();
    }
  }
  // Half of it would tell nothing of what is missing in it.
  await writeFile(`${file}.new`, fields.join('\0'), { encoding: 'latin1', mode: 0o600 });
  await rename(`${file}.new`, file);
  for (let tries = 0; tries < TICKS && (await changedAt(file)) <= latest; tries += 1) {
    await setTimeout(1);
    await utimes(file, 0, 0);
  }
}

/** The clock of a file system ticks each 1 to 10 ms; for one that is coarser nobody waits. */
const TICKS = 20;
const changedAt = async (file: string): Promise<bigint> => (await stat(file, { bigint: true })).ctimeNs;

/**
 * Whether the record is of this format, was written since the system started, as what a power cut leaves of files is not
 * known, and no clock was set back since, which could give a time a second time.
 */
export async function isUsable(file: string): Promise<boolean> {
  const [head, ahead] = (await readFile(file, 'latin1').catch(() => '')).split('\0', HEAD);
  return head === (await heading()) && Number(ahead) <= clockAhead() + SLACK_MS;
}

/**
 * Moves each folder of the tree in which nothing was touched since the record to the same path in `to`. Call only when no
 * process that could write to the tree lives. Only what was recorded is looked at, as nobody bounds what a task adds: a new
 * name shows in its folder's change time.
 * @returns whether there was one
 */
export async function moveUntouched(tree: string, file: string, to: string): Promise<boolean> {
  const fields = (await readFile(file, 'latin1')).split('\0').slice(HEAD);
  // A change within the same tick of the file system's clock would not show.
  const recordedAt = await changedAt(file);
  const touched = new Set<string>();
  // Each comes before what is in it. A link in the place of one is not followed.
  const folders = new Set(['.']);
  const breathe = createBreath();
  for (let at = 0; at < fields.length; at += 2) {
    const path = fields[at] ?? '';
    const stats = folders.has(dirname(path)) ? lookAt(tree, path) : null;
    if (stats?.isDirectory() === true) folders.add(path);
    if (stats === null || fields[at + 1] !== identity(stats) || stats.ctimeNs >= recordedAt) touch(path, touched);
    await breathe();
  }
  touched.add('.');
  const moving = [...folders].filter((path) => !touched.has(path) && touched.has(dirname(path)));
  if (moving.length === 0) return false;
  mkdirSync(to, { mode: 0o700 });
  for (const path of moving) {
    // As git makes it.
    mkdirSync(inTree(to, dirname(path)), { recursive: true });
    renameSync(inTree(tree, path), inTree(to, path));
  }
  return true;
}

/** With all folders that it is in. */
function touch(path: string, touched: Set<string>): void {
  for (let at = path; at !== '.' && !touched.has(at); at = dirname(at)) touched.add(at);
}

/** null: it is gone, or nobody may look. */
function lookAt(tree: string, path: string): BigIntStats | null {
  try {
    return lstatSync(inTree(tree, path), { bigint: true });
  } catch {
    return null;
  }
}

const identity = ({ ino, ctimeNs }: BigIntStats): string => `${ino} ${ctimeNs}`;

/** Names are bytes: as latin1 each is a character. */
const inTree = (tree: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(path, 'latin1')]);

/** Lets others have a turn now and then: a repository can have any number of files. */
function createBreath(): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    count += 1;
    return count % 1000 === 0 ? setImmediate() : undefined;
  };
}

/** @throws where the system does not say when it started */
const heading = async (): Promise<string> =>
  `${FORMAT} ${(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()}`;

/** Milliseconds; both clocks are the system's, so that only who sets one changes it. */
const clockAhead = (): number => Date.now() - Number(process.hrtime.bigint() / 1_000_000n);
/** What lies between the two looks, and the rounding of both. */
const SLACK_MS = 5;
