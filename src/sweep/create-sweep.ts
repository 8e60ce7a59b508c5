import { byteText } from '../core/render/amounts.ts';
import type { SweepContext } from './context.ts';
import { createMeasure } from './measure.ts';
import { refuseTooLarge } from './refuse-too-large.ts';
import { removeMirrors } from './remove-mirrors.ts';
import { removeOrphans } from './remove-orphans.ts';
import { removeWorkspaces } from './remove-workspaces.ts';

/** With less, git and the database fail in the middle of what they write. */
const LEAST_FREE_BYTES = 256 * 1024 ** 2;

interface Taken {
  workspaces: number;
  mirrors: number;
}

/** Keeps the data directory within its limits: measures, removes what may go, and where that is too little lets no task begin. */
export function createSweep(context: SweepContext): () => Promise<void> {
  const { store, clock, limits } = context;
  const measure = createMeasure(context.disk);
  return async () => {
    const held = await measure.workspaces(await store.read.tasks.withWorkspace());
    refuseTooLarge(context, held);
    await removeOrphans(context);
    const kept = await removeWorkspaces(context, held);
    const mirrors = await removeMirrors(context, measure, kept);
    await tellRoom(context, { workspaces: kept.bytes, mirrors });
    await store.write((tx) => tx.deliveries.forgetFinished(clock.now() - limits.deliveriesMs));
  };
}

/** Only where it changes: admission reads it in every round, and fleets that have tasks to begin tell their people. */
async function tellRoom({ store, disk, limits, clock, log }: SweepContext, taken: Taken): Promise<void> {
  const free = await disk.freeBytes();
  const full =
    taken.workspaces > limits.workspacesBytes || taken.mirrors > limits.mirrorsBytes || free < LEAST_FREE_BYTES;
  if (full === ((await store.read.disk.fullSince()) !== null)) return;
  await store.write((tx) => tx.disk.setFull(full, clock.now()));
  const fields = {
    workspaces: `${byteText(taken.workspaces)} of ${byteText(limits.workspacesBytes)}`,
    mirrors: `${byteText(taken.mirrors)} of ${byteText(limits.mirrorsBytes)}`,
    free: byteText(free),
  };
  if (full) log.warn(fields, NO_ROOM);
  else log.info(fields, 'the disk has room again: tasks begin');
}

const NO_ROOM =
  'no task begins, as the disk has no room and nothing more of it can be removed: let tasks that run or wait end, raise ' +
  'disk.workspaces or disk.mirrors in the operator’s settings, or give the data directory a larger disk';
