import { mayStay, quotasOf } from '../core/disk/room.ts';
import type { SweepContext } from './context.ts';
import { createMeasure } from './measure.ts';
import { refuseTooLarge } from './refuse-too-large.ts';
import { createRemoveLogs } from './remove-logs.ts';
import { removeMirrors } from './remove-mirrors.ts';
import { removeOrphans } from './remove-orphans.ts';
import { removeWorkspaces } from './remove-workspaces.ts';
import { tellRoom } from './tell-room.ts';

/** Keeps the data directory within its limits: measures, removes what may go, and where that is too little lets no task begin. */
export function createSweep(context: SweepContext): () => Promise<void> {
  const { store, disk, clock, limits, instruments } = context;
  const measure = createMeasure(context);
  const removeLogs = createRemoveLogs(context);
  return async () => {
    const held = await measure.workspaces(await store.read.tasks.withWorkspace());
    refuseTooLarge(context, held);
    await removeOrphans(context);
    await removeLogs();
    const wasFull = (await store.read.disk.fullSince()) !== null;
    const quotas = quotasOf(limits, wasFull);
    const taken = held.reduce((sum, { bytes }) => sum + bytes, 0);
    const kept = await removeWorkspaces(context, held, mayStay(quotas.workspacesBytes, taken, await disk.freeBytes()));
    const mirrors = await measure.mirrors();
    const all = mirrors.reduce((sum, { bytes }) => sum + bytes, 0);
    // Read again: what went may be enough, and what was measured is not always what comes free.
    const after = await removeMirrors(
      context,
      mirrors,
      kept,
      mayStay(quotas.mirrorsBytes, all, await disk.freeBytes()),
    );
    const use = { ...after, free: await disk.freeBytes() };
    instruments?.diskMeasured(use);
    await tellRoom(context, use, wasFull);
    await store.write(async (tx) => {
      await tx.deliveries.forgetFinished(clock.now() - limits.deliveriesMs);
      await tx.apiRequests.forget(clock.now() - limits.deliveriesMs);
    });
  };
}
