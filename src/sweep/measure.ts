import type { HeldWorkspace } from '../core/disk/choose-workspaces.ts';
import { isTerminal } from '../core/status.ts';
import type { Disk, DiskSize, RepositoryFolder } from '../ports/disk.ts';
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
  const ofTasks = createMemory<string>(disk, (task, size) => warn({ task }, size));
  const warnOfRepository = (repositoryId: number, size: DiskSize) => warn({ repositoryId }, size);
  const ofMirrors = createMemory<number>(disk, warnOfRepository);
  const ofTrees = createMemory<number>(disk, warnOfRepository);
  return {
    async workspaces(tasks) {
      const bytes = await ofTasks.bytes(
        tasks.map(({ id, fence, status, workspace }) => ({
          key: id,
          path: workspace ?? '',
          // Only what runs writes there.
          version: status === 'running' ? null : `${fence} ${status}`,
          // One that takes so long to measure is large: as nothing it would let others begin until the disk is full.
          unknown: limits.perWorkspaceBytes,
        })),
      );
      return tasks.map((task) => ({
        task,
        taskId: task.id,
        bytes: bytes.get(task.id) ?? 0,
        spareSince: spareSince(task),
        prepared: task.outcome === 'prepared',
      }));
    },

    mirrors: async () => measureFolders(await disk.mirrors(), ofMirrors),
    keptTrees: async () => measureFolders(await disk.keptTrees(), ofTrees),
  };
}

async function measureFolders(
  folders: readonly RepositoryFolder[],
  memory: ReturnType<typeof createMemory<number>>,
): Promise<MeasuredFolder[]> {
  const bytes = await memory.bytes(
    folders.map(({ repositoryId, path, usedAt }) => ({
      key: repositoryId,
      path,
      // Before the first fetch is over it says nothing of what was written since.
      version: usedAt === 0 ? null : String(usedAt),
      unknown: 0,
    })),
  );
  return folders.map(({ repositoryId, usedAt }) => ({ repositoryId, usedAt, bytes: bytes.get(repositoryId) ?? 0 }));
}

const NOT_MEASURED =
  'how much of the disk this takes could not be measured; until it can, it counts as before, or a workspace as ' +
  'disk.per_workspace';
const NOT_WHOLE = 'a part of this could not be read, so that it counts as smaller than it is on the disk';

function spareSince({ status, endedAt, journal, publishingAt }: TaskRow): number | null {
  if (isTerminal(status)) return endedAt;
  return status === 'queued' && journal === null && publishingAt === null ? 0 : null;
}

interface Wanted<Key> {
  key: Key;
  path: string;
  /** While it is the same, so is the size; null: it can change at any time. */
  version: string | null;
  /** Counts for what could never be measured. */
  unknown: number;
}

/**
 * Sizes by key, of which those are measured that can have changed, and others than those wanted forgotten. What cannot be
 * measured counts as it did before. `warn` is called once for each key of which the size is not fully known.
 */
function createMemory<Key>(disk: Pick<Disk, 'sizes'>, warn: (key: Key, size: DiskSize) => void) {
  const known = new Map<Key, { version: string | null; bytes: number }>();
  const warned = new Set<Key>();
  const isKnown = ({ key, version }: Wanted<Key>): boolean => version !== null && known.get(key)?.version === version;

  function forgetOthers(keys: ReadonlySet<Key>): void {
    for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
    for (const key of warned) if (!keys.has(key)) warned.delete(key);
  }

  return {
    async bytes(wanted: readonly Wanted<Key>[]): Promise<ReadonlyMap<Key, number>> {
      forgetOthers(new Set(wanted.map(({ key }) => key)));
      const stale = wanted.filter((one) => !isKnown(one));
      const sizes = await disk.sizes(stale.map(({ path }) => path));
      for (const [at, { key, version }] of stale.entries()) {
        const size = sizes[at] ?? { bytes: null, whole: false };
        if (!size.whole && !warned.has(key)) {
          warned.add(key);
          warn(key, size);
        }
        if (size.bytes !== null) known.set(key, { version, bytes: size.bytes });
      }
      return new Map(wanted.map(({ key, unknown }) => [key, known.get(key)?.bytes ?? unknown]));
    },
  };
}
