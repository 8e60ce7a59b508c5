import { setTimeout as wait } from 'node:timers/promises';
import { listProcesses } from './list-processes.ts';

const PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 2;

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
  const processes = await listProcesses();
  return processes.some(({ group, state }) => group === pgid && state !== 'Z' && state !== 'X');
}
