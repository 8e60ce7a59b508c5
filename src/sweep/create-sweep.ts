import { mayStay, quotasOf } from '../core/disk/room.ts';
import type { SweepContext } from './context.ts';
import { createMeasure } from './measure.ts';
import { refuseTooLarge } from './refuse-too-large.ts';
import { removeKeptTrees } from './remove-kept-trees.ts';
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
    const mirrors = await measure.mirrors();
    const all = total(mirrors);
    const trees = await measure.keptTrees();
    const beside = Math.max(0, quotas.mirrorsBytes - all);
    const ofTrees = await removeKeptTrees(context, trees, mayStay(beside, total(trees), await disk.freeForFiles()));
    // Read again: what went may be enough, and what was measured is not always what comes free.
    const taken = total(held);
    const free = await disk.freeForFiles();
    const kept = await removeWorkspaces(context, held, mayStay(quotas.workspacesBytes, taken, free));
    // Packs are few files: where only these are short, mirrors stay.
    const after = await removeMirrors(
      context,
      mirrors,
      kept,
      mayStay(quotas.mirrorsBytes, all, await disk.freeBytes()),
    );
    const use = { ...after, mirrors: after.mirrors + ofTrees, free: await disk.freeForFiles() };
    instruments?.diskMeasured({ ...use, free: await disk.freeBytes() });
    await tellRoom(context, use, wasFull);
    await store.write(async (tx) => {
      await tx.deliveries.forgetFinished(clock.now() - limits.deliveriesMs);
      await tx.apiRequests.forget(clock.now() - limits.deliveriesMs);
    });
  };
}

const total = (measured: readonly { bytes: number }[]): number => measured.reduce((sum, { bytes }) => sum + bytes, 0);
