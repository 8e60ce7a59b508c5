import type { HeldWorkspace } from '../core/disk/choose-workspaces.ts';
import { isTerminal } from '../core/status.ts';
import type { Disk } from '../ports/disk.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

export interface MeasuredWorkspace extends HeldWorkspace {
  task: TaskRow;
}

interface MeasuredMirror {
  repositoryId: number;
  usedAt: number;
  bytes: number;
}

/** Sizes of what lies on the disk; what cannot have changed since the last time is not measured again. */
export interface Measure {
  workspaces(tasks: readonly TaskRow[]): Promise<MeasuredWorkspace[]>;
  mirrors(): Promise<MeasuredMirror[]>;
}

export function createMeasure(disk: Disk): Measure {
  const ofTasks = createMemory<string>();
  const ofMirrors = createMemory<number>();
  return {
    async workspaces(tasks) {
      ofTasks.keep(new Set(tasks.map(({ id }) => id)));
      const measured: MeasuredWorkspace[] = [];
      for (const task of tasks) {
        const { id, fence, status, workspace, outcome } = task;
        // Only what runs writes there.
        const version = status === 'running' ? null : `${fence} ${status}`;
        const bytes = await ofTasks.bytes(id, version, () => disk.bytes(workspace ?? ''));
        measured.push({ task, taskId: id, bytes, spareSince: spareSince(task), prepared: outcome === 'prepared' });
      }
      return measured;
    },

    async mirrors() {
      const mirrors = await disk.mirrors();
      ofMirrors.keep(new Set(mirrors.map(({ repositoryId }) => repositoryId)));
      const measured: MeasuredMirror[] = [];
      for (const { repositoryId, path, usedAt } of mirrors) {
        const bytes = await ofMirrors.bytes(repositoryId, String(usedAt), () => disk.bytes(path));
        measured.push({ repositoryId, usedAt, bytes });
      }
      return measured;
    },
  };
}

function spareSince({ status, endedAt, journal, publishingAt }: TaskRow): number | null {
  if (isTerminal(status)) return endedAt;
  return status === 'queued' && journal === null && publishingAt === null ? 0 : null;
}

/** By version; null: it can change at any time. What cannot be measured counts as it did before. */
function createMemory<Key>() {
  const known = new Map<Key, { version: string | null; bytes: number }>();
  return {
    keep(keys: ReadonlySet<Key>): void {
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
    },
    async bytes(key: Key, version: string | null, measure: () => Promise<number | null>): Promise<number> {
      const before = known.get(key);
      if (before !== undefined && version !== null && before.version === version) return before.bytes;
      const measured = await measure();
      if (measured === null) return before?.bytes ?? 0;
      known.set(key, { version, bytes: measured });
      return measured;
    },
  };
}
