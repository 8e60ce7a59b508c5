import { statfs } from 'node:fs/promises';
import { measure } from '../disk/measure.ts';
import { watched } from './watched.ts';

const LOOK_EVERY_MS = 1000;
const MIB = 1024 ** 2;
/** Files are counted by walking to them, so that is done only when so much more of the disk is in use than at the last time. */
const GROWTH_BYTES = 64 * MIB;

interface Watched {
  folders: readonly string[];
  /** Free bytes at the first look; null: there was none. */
  freeAtFirst: number | null;
  /** Free bytes at the last count. */
  free: number | null;
  counting: boolean;
  onExceeded(what: string): void;
}

export interface DiskWatch {
  /** Until `forget`; `onExceeded` is called once. */
  add(pid: number, folders: readonly string[], onExceeded: (what: string) => void): void;
  forget(pid: number): void;
}

/** Holds what a box may have on disk, which between two looks of the sweep nothing else does. */
export function watchDisk(limitBytes: number): DiskWatch {
  const growth = Math.min(GROWTH_BYTES, limitBytes / 4);
  const { boxes, add, forget } = watched<Watched>(LOOK_EVERY_MS, () => {
    for (const each of boxes) void look(...each);
  });

  async function look(pid: number, box: Watched): Promise<void> {
    if (box.counting) return;
    box.counting = true;
    try {
      const free = await freeBytes(box.folders);
      // What others free meanwhile must not hide what this one writes.
      box.freeAtFirst = Math.max(box.freeAtFirst ?? free, free);
      box.free = Math.max(box.free ?? free, free);
      // Nearly full, others can hide what this one writes.
      if (box.free - free < growth && free > growth) return;
      box.free = free;
      // Each by itself: a task can make one that takes long to measure.
      const sizes = (await Promise.all(box.folders.map((folder) => measure([folder])))).flat();
      // Neither so many files that they cannot be counted, nor folders closed to us, hide how large they are.
      const lost = box.freeAtFirst - free;
      const used = sizes.reduce(
        (sum, { bytes, whole }) => sum + (whole ? (bytes ?? 0) : Math.max(bytes ?? 0, lost)),
        0,
      );
      if (used <= limitBytes || boxes.get(pid) !== box) return;
      forget(pid);
      box.onExceeded(`wrote more than ${Math.round(limitBytes / MIB)} MiB`);
    } finally {
      box.counting = false;
    }
  }

  return {
    forget,
    add(pid, folders, onExceeded) {
      const box = { folders, freeAtFirst: null, free: null, counting: false, onExceeded };
      add(pid, box);
      void look(pid, box);
    },
  };
}

/** Of the fullest; a folder that is gone has all the room there is. */
async function freeBytes(folders: readonly string[]): Promise<number> {
  const rooms = await Promise.all(
    folders.map((folder) =>
      statfs(folder)
        .then(({ bavail, bsize }) => bavail * bsize)
        .catch(() => Infinity),
    ),
  );
  return Math.min(...rooms);
}
