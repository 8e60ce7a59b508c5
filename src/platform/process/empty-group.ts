import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 5;

/**
 * Resolves when nobody of a killed process group runs any more: until then one of them could still write into the tree.
 * @param anybody whether the group's number still answers to a signal
 */
export async function whenGroupIsEmpty(pgid: number, anybody: () => boolean): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (anybody() && performance.now() < until && (await hasLiveMember(pgid))) await wait(LOOK_EVERY_MS);
}

/** The dead whom nobody collects (a container whose first process is no init) answer to signals for ever; they do not count. */
async function hasLiveMember(pgid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lives = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // proc_pid_stat(5): the command in brackets can hold anything, the fields after it cannot.
      const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return group === String(pgid) && state !== 'Z' && state !== 'X';
    }),
  );
  return lives.includes(true);
}
