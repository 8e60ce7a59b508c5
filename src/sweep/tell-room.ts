import { type DiskUse, overfull } from '../core/disk/room.ts';
import { byteText } from '../core/render/amounts.ts';
import type { SweepContext } from './context.ts';

/** Only where it changes: admission reads it in every round, and fleets that have tasks to begin tell their people. */
export async function tellRoom(
  { store, limits, clock, log }: SweepContext,
  use: DiskUse,
  wasFull: boolean,
): Promise<void> {
  const over = overfull(use, limits, wasFull);
  const full = over.length > 0;
  if (full === wasFull) return;
  await store.write((tx) => tx.disk.setFull(full, clock.now()));
  const fields = {
    workspaces: `${byteText(use.workspaces)} of ${byteText(limits.workspacesBytes)}`,
    mirrors: `${byteText(use.mirrors)} of ${byteText(limits.mirrorsBytes)}`,
    free: byteText(use.free),
  };
  if (full) log.warn(fields, `${NO_ROOM}: ${over.map((which) => REMEDIES[which]).join('; ')}`);
  else log.info(fields, 'the disk has room again: tasks begin');
}

const NO_ROOM = 'no task begins, as the disk has no room although what may go was removed';
const REMEDIES = {
  workspaces: 'let tasks that run or wait end, or raise disk.workspaces in the operator’s settings',
  mirrors: 'let tasks that run or wait end, or raise disk.mirrors in the operator’s settings',
  free: 'make room on the file system of the data directory (`df` and `df -i` tell what it lacks), or give it a larger one',
} as const;
