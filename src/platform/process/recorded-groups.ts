import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { whenGroupIsEmpty } from './empty-group.ts';
import { listProcesses } from './list-processes.ts';
import { signalGroup } from './signal-group.ts';

const SAFE = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const MAX_BYTES = 1024 * 1024;

/** Notes a group that was just started, with its leader's start. Nothing where there is no /proc: a number alone may be anybody's later. */
export function recordGroup(file: string, pgid: number): void {
  const start = startOf(pgid);
  if (start === null) return;
  const opened = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | SAFE, 0o600);
  try {
    writeSync(opened, `${pgid} ${start}\n`);
  } finally {
    closeSync(opened);
  }
}

/** Kills what still runs of the groups noted in `file` and waits until it is gone. Call only when nothing noted there may run. */
export async function killRecordedGroups(file: string): Promise<void> {
  for (const line of readBounded(file).split('\n')) {
    const [, pgid = '', start] = /^(\d{1,10}) (\d+)$/.exec(line) ?? [];
    const group = Number(pgid);
    // 0 and 1 would mean our own group and everybody.
    if (group <= 1 || group === process.pid || startOf(group) !== start) continue;
    signalGroup(group, 'SIGKILL');
    await whenGroupIsEmpty(group, () => signalGroup(group, 0));
  }
}

/**
 * Whether a member of a group noted in `file` lives on although its leader is gone, as one that waits for the disk does for a
 * while after it was killed. A number that somebody else has by now counts too. The first process of a box is in its group,
 * and is gone only when all others in the box are.
 */
export async function anybodyLeft(file: string): Promise<boolean> {
  const text = readBounded(file);
  const groups = new Set([...text.matchAll(/^(\d{2,10}) \d+$/gm)].map(([, group]) => Number(group)));
  if (groups.size === 0) return false;
  const processes = await listProcesses();
  // Who does not see itself does not see others.
  if (text.length === MAX_BYTES || !processes.some(({ pid }) => pid === process.pid)) return true;
  return processes.some(({ group, state }) => groups.has(group) && state !== 'Z' && state !== 'X');
}

/** Clock ticks between the machine's start and the process's, field 22 of proc_pid_stat(5); null: there is no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function readBounded(file: string): string {
  try {
    const opened = openSync(file, constants.O_RDONLY | SAFE);
    try {
      const bytes = Buffer.alloc(MAX_BYTES);
      return bytes.toString('latin1', 0, readSync(opened, bytes, 0, MAX_BYTES, 0));
    } finally {
      closeSync(opened);
    }
  } catch {
    return '';
  }
}
