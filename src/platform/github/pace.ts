import { setTimeout as timer } from 'node:timers/promises';

/** Waits that many milliseconds. */
export type Pause = (ms: number) => Promise<unknown>;

/** Lets requests begin one after another, no faster than a rate. */
export interface Pace {
  /** Resolves when the next request may begin. */
  turn(): Promise<void>;
}

/** With a burst of 50 at most 550 in any minute: GitHub allows 900 reads a minute, and others ask it meanwhile. */
const EVERY_MS = 120;
const BURST = 50;

/**
 * One for all that an installation asks in bulk. Counts by the monotonic clock.
 * Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api, "secondary rate limits".
 */
export function createPace(pause: Pause = timer, now: () => number = () => performance.now()): Pace {
  let spentUntil = Number.NEGATIVE_INFINITY;
  return {
    async turn() {
      const at = now();
      spentUntil = Math.max(spentUntil, at) + EVERY_MS;
      const wait = spentUntil - BURST * EVERY_MS - at;
      if (wait > 0) await pause(wait);
    },
  };
}
