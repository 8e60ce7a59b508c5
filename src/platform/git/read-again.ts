import { setTimeout as timer } from 'node:timers/promises';
import { GitError } from './git-error.ts';
import { categoryOf } from './git-failure.ts';

/** Waits that many milliseconds, or until the signal aborts; never throws. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** As reads of the API are. */
export const DELAYS_MS = [500, 2_000];

/** A fetch or a look that the network or GitHub broke off is made again: it changes nothing there. @throws GitError */
export async function readAgain<T>(
  read: () => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
  pause: Pause = (ms, aborted) => timer(ms, undefined, { signal: aborted }).catch(() => undefined),
): Promise<T> {
  for (const delay of DELAYS_MS) {
    try {
      return await read();
    } catch (error) {
      if (!wasBrokenOff(error) || signal.aborted) throw error;
    }
    await pause(delay, signal);
  }
  return read();
}

/** Not by its own time limit: that was long enough. */
function wasBrokenOff(error: unknown): boolean {
  return error instanceof GitError && !error.timedOut && categoryOf(error, 'clone') === 'network';
}
