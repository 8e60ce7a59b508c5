import { eventName } from '../core/notifications/body.ts';
import { waitAfter } from '../core/notifications/tries.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { NotificationAnswer, Notifier } from '../ports/notifier.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { NotificationRow } from '../store/contract/notifications.ts';
import type { Store } from '../store/contract/store.ts';

interface Context {
  store: Store;
  notifier: Notifier;
  clock: Clock;
  log: Log;
}

/** Far more than one try takes. */
const LEASE_MS = 60_000;

/** One try for a stored notification, the engine's unit. A crash before the answer is recorded sends it again, with the same id. */
export function createSender(context: Context): (id: string, signal: AbortSignal) => Promise<void> {
  const { store, notifier, clock } = context;
  return async (id, signal) => {
    const now = clock.now();
    const claimed = await store.write((tx) => tx.notifications.claim(id, now, now + LEASE_MS));
    if (claimed === undefined || claimed.body === null) return;
    const to = (await store.read.fleets.get(claimed.fleetId))?.plan.notify.webhook ?? null;
    const { body, kind } = claimed;
    const answer: NotificationAnswer =
      to === null
        ? { result: 'refused', why: 'its fleet names no webhook' }
        : await notifier.send(to, { id, event: eventName(kind), body }, signal);
    try {
      await record(context, claimed, answer, signal.aborted);
    } catch (error) {
      if (!(error instanceof FenceLost)) throw error;
    }
  };
}

async function record(
  { store, clock, log }: Context,
  row: NotificationRow & Lease,
  answer: NotificationAnswer,
  stopped: boolean,
): Promise<void> {
  const now = clock.now();
  const fields = { notification: row.id, fleet: row.fleetId, tries: row.tries + 1 };
  switch (answer.result) {
    case 'delivered':
      await store.write((tx) => tx.notifications.delivered(row));
      log.info({ ...fields, status: answer.status }, 'a notification was delivered');
      return;
    case 'refused':
      await store.write((tx) => tx.notifications.giveUp(row, now));
      log.warn({ ...fields, why: answer.why }, 'a notification was not delivered and is given up');
      return;
    case 'unreached': {
      if (stopped) return store.write((tx) => tx.notifications.release(row, { notBefore: now, tries: row.tries }));
      const tries = row.tries + 1;
      const wait = waitAfter(tries, answer.retryAfterMs);
      if (wait === null) {
        await store.write((tx) => tx.notifications.giveUp(row, now));
        log.warn({ ...fields, why: answer.why }, 'a notification was not delivered, and was tried often enough');
        return;
      }
      await store.write((tx) => tx.notifications.release(row, { notBefore: now + wait, tries }));
      log.info({ ...fields, why: answer.why, againInMs: wait }, 'a notification was not delivered yet');
    }
  }
}
