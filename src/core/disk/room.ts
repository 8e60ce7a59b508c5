import type { DiskLimits } from '../settings/types.ts';

/** With less, git and the database fail in the middle of what they write. */
export const LEAST_FREE_BYTES = 256 * 1024 ** 2;
/** So much more is wanted: removal begins before the disk is full, and one that was full does not turn with each write. */
export const FREE_MARGIN_BYTES = 256 * 1024 ** 2;
/** Of a quota that was passed, in percent: only below it the disk has room again. */
const FREED_PERCENT = 95;

/** In bytes. */
export interface DiskUse {
  workspaces: number;
  mirrors: number;
  /** Of the file system, for anybody; no more than it has files left for. */
  free: number;
}

type Quotas = Pick<DiskLimits, 'workspacesBytes' | 'mirrorsBytes'>;

/** What the quotas are now: a little less as long as the disk is full. */
export function quotasOf({ workspacesBytes, mirrorsBytes }: Quotas, wasFull: boolean): Quotas {
  if (!wasFull) return { workspacesBytes, mirrorsBytes };
  const freed = (bytes: number): number => Math.floor((bytes * FREED_PERCENT) / 100);
  return { workspacesBytes: freed(workspacesBytes), mirrorsBytes: freed(mirrorsBytes) };
}

/** How many bytes the file system has less than are wanted. */
export const shortOf = (free: number): number => Math.max(0, LEAST_FREE_BYTES + FREE_MARGIN_BYTES - free);

/** How much may stay of what is taken, so that its quota is kept and the file system has what it needs. */
export function mayStay(quota: number, taken: number, free: number): number {
  return Math.min(quota, Math.max(0, taken - shortOf(free)));
}

/** What is over, in the order in which people can do something about it; none: tasks may begin. */
export function overfull(use: DiskUse, quotas: Quotas, wasFull: boolean): ('workspaces' | 'mirrors' | 'free')[] {
  const now = quotasOf(quotas, wasFull);
  const least = LEAST_FREE_BYTES + (wasFull ? FREE_MARGIN_BYTES : 0);
  const over = {
    workspaces: use.workspaces > now.workspacesBytes,
    mirrors: use.mirrors > now.mirrorsBytes,
    free: use.free < least,
  };
  return (['workspaces', 'mirrors', 'free'] as const).filter((which) => over[which]);
}
