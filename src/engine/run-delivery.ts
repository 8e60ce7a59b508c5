import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { Store } from '../store/contract/store.ts';

/** Waits between the tries of a delivery that met an error of ours; one more failure finishes it. */
export const RETRY_DELAYS_MS = [5_000, 30_000];

interface Context {
  store: Store;
  clock: Clock;
  log: Log;
}

/** Runs the handler and finishes the delivery when the handler has not. */
export async function runDelivery(
  { store, clock, log }: Context,
  row: DeliveryRow & Lease,
  handler: (row: DeliveryRow & Lease) => Promise<void>,
): Promise<void> {
  const fields = { delivery: row.id };
  try {
    await handler(row);
    await store.write(async (tx) => {
      const after = await tx.deliveries.get(row.id);
      if (after?.state === 'running' && after.fence === row.fence) {
        await tx.deliveries.finish(row, 'done', clock.now());
      }
    });
  } catch (error) {
    if (error instanceof FenceLost) {
      log.warn({ ...fields, err: error }, 'a delivery was taken over while it was worked on');
      return;
    }
    const delay = RETRY_DELAYS_MS[row.failures];
    log.error({ ...fields, err: error, retry: delay !== undefined }, 'a delivery met an internal error');
    await store.write((tx) =>
      delay === undefined
        ? tx.deliveries.finish(row, 'internal', clock.now())
        : tx.deliveries.release(row, clock.now() + delay),
    );
  }
}
