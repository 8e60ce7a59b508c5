import type { Clock } from '../ports/clock.ts';
import type { GitHubDeliveries } from '../ports/github-deliveries.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../store/contract/store.ts';
import { askAgain } from './ask-again.ts';
import { findMissedDeliveries, type HasDoor } from './find-missed-deliveries.ts';

/**
 * One look for webhooks that did not arrive: GitHub does not send them again by itself. What fails is left to the next
 * look; after a limit nothing is asked before GitHub says so, over a restart too.
 */
export function createMissedLook(parts: {
  store: Store;
  deliveries: GitHubDeliveries;
  hasDoor: HasDoor;
  clock: Clock;
  log: Log;
}): (signal: AbortSignal) => Promise<void> {
  const { store, clock, log } = parts;
  return async (signal) => {
    const now = clock.now();
    if ((await store.read.missed.look()).notBefore > now) return;
    try {
      await findMissedDeliveries(parts, now, signal);
      await askAgain(parts, now, signal);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const { retryAt } = error;
      if (retryAt !== null) await store.write((tx) => tx.missed.holdUntil(retryAt));
      log.warn({ err: error }, 'could not look for webhooks that did not arrive; the next look tries again');
    }
  };
}
