import type { Clock } from '../ports/clock.ts';
import type { GitHubDeliveries } from '../ports/github-deliveries.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../store/contract/store.ts';
import { askAgain } from './ask-again.ts';
import { beginReading, findMissedDeliveries, type HasDoor, type Reading } from './find-missed-deliveries.ts';

/**
 * One look for webhooks that did not arrive: GitHub does not send them again by itself. What fails is left to the next
 * look, which reads on where this one came to; after a limit nothing is asked before GitHub says so, over a restart too.
 */
export function createMissedLook(parts: {
  store: Store;
  deliveries: GitHubDeliveries;
  hasDoor: HasDoor;
  clock: Clock;
  log: Log;
}): (signal: AbortSignal) => Promise<void> {
  const { store, clock, log } = parts;
  let reading: Reading | null = null;

  /** Whether GitHub answers, so that it can be asked for what is missing. */
  async function read(now: number, signal: AbortSignal): Promise<boolean> {
    const current = reading ?? beginReading(await store.read.missed.look(), now);
    const from = current.cursor;
    try {
      reading = (await findMissedDeliveries(parts, current, now, signal)) ? null : current;
      return true;
    } catch (error) {
      const cameOn = current.cursor !== from;
      // One page that never comes, or a cursor that GitHub forgot, must not hide what came since.
      reading = cameOn ? current : null;
      await tell(error);
      return cameOn && error instanceof GitHubError && error.kind === 'unknown';
    }
  }

  async function tell(error: unknown): Promise<void> {
    if (!(error instanceof GitHubError)) throw error;
    const { retryAt } = error;
    if (retryAt !== null) await store.write((tx) => tx.missed.holdUntil(retryAt));
    log.warn({ err: error }, 'could not look for webhooks that did not arrive; the next look tries again');
  }

  return async (signal) => {
    const now = clock.now();
    if ((await store.read.missed.look()).notBefore > now) return;
    if (await read(now, signal)) await askAgain(parts, now, signal).catch(tell);
  };
}
