import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { holdersOf } from './mirror.ts';
import type { KeyedLock } from './mirror-lock.ts';
import { removeFolder } from './remove-folder.ts';

/** Who reads from a mirror without a hold on it, as siblings do while they are copied. */
export interface MirrorReaders {
  /** Keeps the mirror for as long as the work reads from it. */
  reading<T>(mirror: string, work: () => Promise<T>): Promise<T>;
  has(mirror: string): boolean;
}

export function createMirrorReaders(): MirrorReaders {
  const readers = new Map<string, number>();
  const count = (mirror: string, by: number): void => {
    const left = (readers.get(mirror) ?? 0) + by;
    if (left === 0) readers.delete(mirror);
    else readers.set(mirror, left);
  };
  return {
    async reading(mirror, work) {
      count(mirror, 1);
      try {
        return await work();
      } finally {
        count(mirror, -1);
      }
    },
    has: (mirror) => readers.has(mirror),
  };
}

/**
 * Removes a mirror as a whole, under its lock, unless somebody borrows from it: a pruned one would break its clones.
 * @param lives whether the task that a hold names still has its workspace; else the hold is what a crash left
 */
export async function removeMirror(
  mirror: string,
  parts: { lock: KeyedLock; readers: MirrorReaders },
  lives: (taskId: string) => Promise<boolean>,
): Promise<boolean> {
  const gone = `${mirror}.removed`;
  const moved = await parts.lock.hold(mirror, async () => {
    if (parts.readers.has(mirror)) return false;
    for (const taskId of await holders(mirror)) if (await lives(taskId)) return false;
    await removeFolder(gone);
    // At once and as a whole: half a mirror would look like a whole one to the next fetch.
    await rename(mirror, gone);
    return true;
  });
  if (moved) await removeFolder(gone);
  return moved;
}

/** One that a crash left half made holds nothing. */
const holders = async (mirror: string): Promise<string[]> =>
  existsSync(join(mirror, 'HEAD')) ? holdersOf(mirror) : [];
