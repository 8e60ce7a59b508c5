import { setTimeout as wait } from 'node:timers/promises';
import { type ListedProcess, listProcesses, readProcess } from './list-processes.ts';

const PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 1;

/**
 * Resolves when nobody of a killed process group runs any more: until then one of them could still write into the tree.
 * @param anybody whether the group's number still answers to a signal
 * @param last the member that goes after all others; null: nobody knows, and every process of the machine is looked at
 */
export async function whenGroupIsEmpty(
  pgid: number,
  anybody: () => boolean,
  last: number | null = null,
): Promise<void> {
  if (!anybody()) return;
  const until = performance.now() + PATIENCE_MS;
  // Who was killed starts nobody: the members of the first look are all that there will be.
  let members = last === null ? await membersOf(pgid) : [last].filter((pid) => livesIn(readProcess(pid), pgid));
  while (members.length > 0 && anybody() && performance.now() < until) {
    await wait(LOOK_EVERY_MS);
    members = members.filter((pid) => !HAS_PROC || livesIn(readProcess(pid), pgid));
  }
}

/** Elsewhere the group's own number is asked until it does not answer. */
const HAS_PROC = process.platform === 'linux';

async function membersOf(pgid: number): Promise<readonly number[]> {
  if (!HAS_PROC) return [pgid];
  return (await listProcesses()).filter((listed) => livesIn(listed, pgid)).map(({ pid }) => pid);
}

/** The dead whom nobody collects (a container whose first process is no init) answer to signals for ever; they do not count. */
const livesIn = (listed: ListedProcess | null, pgid: number): boolean =>
  listed !== null && listed.group === pgid && listed.state !== 'Z' && listed.state !== 'X';
