import type { HeldWorkspace } from '../core/disk/choose-workspaces.ts';
import { isTerminal } from '../core/status.ts';
import type { DiskSize, RepositoryFolder } from '../ports/disk.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { SweepContext } from './context.ts';

export interface MeasuredWorkspace extends HeldWorkspace {
  task: TaskRow;
}

/** Of a mirror, or of a kept tree. */
export interface MeasuredFolder {
  repositoryId: number;
  usedAt: number;
  bytes: number;
}

/** Sizes of what lies on the disk; what cannot have changed since the last time is not measured again. */
export interface Measure {
  workspaces(tasks: readonly TaskRow[]): Promise<MeasuredWorkspace[]>;
  mirrors(): Promise<MeasuredFolder[]>;
  keptTrees(): Promise<MeasuredFolder[]>;
}

export function createMeasure({ disk, limits, log }: Pick<SweepContext, 'disk' | 'limits' | 'log'>): Measure {
  const warn = (fields: object, { bytes }: DiskSize) => {
    log.warn(fields, bytes === null ? NOT_MEASURED : NOT_WHOLE);
  };
  const ofTasks = createMemory<string>((task, size) => warn({ task }, size));
  const warnOfRepository = (repositoryId: number, size: DiskSize) => warn({ repositoryId }, size);
  const ofMirrors = createMemory<number>(warnOfRepository);
  const ofTrees = createMemory<number>(warnOfRepository);
  return {
    async workspaces(tasks) {
      ofTasks.keep(new Set(tasks.map(({ id }) => id)));
      const measured: MeasuredWorkspace[] = [];
      for (const task of tasks) {
        const { id, fence, status, workspace, outcome } = task;
        // Only what runs writes there.
        const version = status === 'running' ? null : `${fence} ${status}`;
        // One that takes so long to measure is large: as nothing it would let others begin until the disk is full.
        const unknown = limits.perWorkspaceBytes;
        const bytes = await ofTasks.bytes(id, { version, unknown }, () => disk.bytes(workspace ?? ''));
        measured.push({ task, taskId: id, bytes, spareSince: spareSince(task), prepared: outcome === 'prepared' });
      }
      return measured;
    },

    mirrors: async () => measureFolders(await disk.mirrors(), ofMirrors),
    keptTrees: async () => measureFolders(await disk.keptTrees(), ofTrees),
  };

  async function measureFolders(
    folders: readonly RepositoryFolder[],
    memory: typeof ofMirrors,
  ): Promise<MeasuredFolder[]> {
    memory.keep(new Set(folders.map(({ repositoryId }) => repositoryId)));
    const measured: MeasuredFolder[] = [];
    for (const { repositoryId, path, usedAt } of folders) {
      // Before the first fetch is over it says nothing of what was written since.
      const version = usedAt === 0 ? null : String(usedAt);
      const bytes = await memory.bytes(repositoryId, { version, unknown: 0 }, () => disk.bytes(path));
      measured.push({ repositoryId, usedAt, bytes });
    }
    return measured;
  }
}

const NOT_MEASURED =
  'how much of the disk this takes could not be measured; until it can, it counts as before, or a workspace as ' +
  'disk.per_workspace';
const NOT_WHOLE = 'a part of this could not be read, so that it counts as smaller than it is on the disk';

function spareSince({ status, endedAt, journal, publishingAt }: TaskRow): number | null {
  if (isTerminal(status)) return endedAt;
  return status === 'queued' && journal === null && publishingAt === null ? 0 : null;
}

/**
 * By version; null: it can change at any time. What cannot be measured counts as it did before, else as `unknown`.
 * `warn` is called once for each key of which the size is not fully known.
 */
function createMemory<Key>(warn: (key: Key, size: DiskSize) => void) {
  const known = new Map<Key, { version: string | null; bytes: number }>();
  const warned = new Set<Key>();
  return {
    keep(keys: ReadonlySet<Key>): void {
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
      for (const key of warned) if (!keys.has(key)) warned.delete(key);
    },
    async bytes(
      key: Key,
      { version, unknown }: { version: string | null; unknown: number },
      measure: () => Promise<DiskSize>,
    ): Promise<number> {
      const before = known.get(key);
      if (before !== undefined && version !== null && before.version === version) return before.bytes;
      const size = await measure();
      if (!size.whole && !warned.has(key)) {
        warned.add(key);
        warn(key, size);
      }
      if (size.bytes === null) return before?.bytes ?? unknown;
      known.set(key, { version, bytes: size.bytes });
      return size.bytes;
    },
  };
}
