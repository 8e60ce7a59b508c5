import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { Store } from '../store/contract/store.ts';
import { StoreFull } from '../store/contract/store-full.ts';
import { DISK_PAUSE_MS, isPatient, type TaskRow } from '../store/contract/tasks.ts';
import { TaskStopped } from './task-stopped.ts';
import type { Unit } from './units.ts';

interface Context {
  store: Store;
  clock: Clock;
  log: Log;
}

/** Runs the handler, which ends the task; one that it left running is settled here, so that none hangs. */
export async function runTask(
  context: Context,
  row: TaskRow & Lease,
  unit: Unit,
  handler: () => Promise<void>,
): Promise<void> {
  let failure: unknown = null;
  const fields = { task: row.id, fleet: row.fleetId, repository: row.repository };
  try {
    await handler();
  } catch (error) {
    if (error instanceof FenceLost) {
      context.log.warn({ ...fields, err: error }, 'a task was taken over while it was worked on');
      return;
    }
    failure = error;
    const why = unit.stopped();
    if (why === null) context.log.error({ ...fields, err: error }, 'a worker failed with an internal error');
    else context.log.info({ ...fields, err: error, why }, 'a worker was stopped');
  }
  await settleTask(context, row, unit, failure);
}

/** One whose branch may stand already is tried again, but not at once: what failed may fail each time. */
const PUBLISHING_PAUSE_MS = 60_000;

/**
 * Whoever still holds the fence decides: back into the queue on a drain, where the disk is full and while it publishes,
 * cancelled on request, else our own failure.
 * @param error what the handler threw
 */
export async function settleTask(
  { store, clock }: Context,
  lease: Lease,
  unit: Unit,
  error: unknown = null,
): Promise<void> {
  const now = clock.now();
  await store.write(async (tx) => {
    const task = await tx.tasks.get(lease.id);
    if (task?.status !== 'running' || task.fence !== lease.fence) return;
    const why = unit.stopped();
    if (task.publishingAt === null && (why === 'cancelled' || task.cancelRequested)) {
      await tx.tasks.end(lease, { status: 'cancelled', reason: 'It was cancelled while it ran.' }, now);
      return;
    }
    if (why !== null) {
      await tx.tasks.requeue(lease, new TaskStopped(why).message, now, now);
      return;
    }
    if (error instanceof StoreFull) {
      await tx.tasks.waitForDisk(lease, now + DISK_PAUSE_MS, now);
      return;
    }
    if (isPatient(task.publishingAt, now)) {
      await tx.tasks.requeue(lease, 'The worker stopped while it published.', now + PUBLISHING_PAUSE_MS, now);
      return;
    }
    const reason = `The worker stopped without a result; the server's log has more under task ${lease.id}.`;
    await tx.tasks.end(lease, { status: 'failed', category: 'internal', reason }, now);
  });
}
