import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk, DiskSize } from '../../src/ports/disk.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { SweepContext } from '../../src/sweep/context.ts';
import { createSweep } from '../../src/sweep/create-sweep.ts';
import { completed, failed, insertReady, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const HOUR = 60 * 60_000;

/** A disk of 100 GiB and what lies on it by path; repositories 1, 2, … have mirrors. */
class FakeDisk implements Disk {
  readonly content = new Map<string, DiskSize>();
  free = 50 * GIB;
  /** As bytes. */
  freeInodes = Number.POSITIVE_INFINITY;

  put(path: string, bytes: number | null, whole = bytes !== null): void {
    this.content.set(path, { bytes, whole });
  }
  delete(path: string): boolean {
    this.free += this.content.get(path)?.bytes ?? 0;
    return this.content.delete(path);
  }
  /** As a workspace becomes a kept tree: no room is made, unless the repository has one. */
  keep(path: string, repositoryId: number): boolean {
    const size = this.content.get(path);
    if (size === undefined || this.content.has(`tree ${repositoryId}`)) return this.delete(path);
    this.content.set(`tree ${repositoryId}`, size);
    return this.content.delete(path);
  }
  left = () => [...this.content.keys()].toSorted();
  workspaces = async () => [];
  hasHalfRemoved = async () => false;
  mirrors = async () => this.#named('mirror');
  keptTrees = async () => this.#named('tree');
  #named = (what: 'mirror' | 'tree') =>
    this.left().flatMap((path) => {
      const [name, id] = path.split(' ');
      return name === what ? [{ repositoryId: Number(id), path, usedAt: Number(id) }] : [];
    });
  sizes = async (paths: readonly string[]) => paths.map((path) => this.content.get(path) ?? { bytes: 0, whole: true });
  freeBytes = async () => this.free;
  freeForFiles = async () => Math.min(this.free, this.freeInodes);
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let disk: FakeDisk;
let warnings: string[];
let told: object[];

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  disk = new FakeDisk();
  warnings = [];
  told = [];
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

function createSweeper(
  limits: Partial<SweepContext['limits']> = {},
  instruments?: SweepContext['instruments'],
): () => Promise<void> {
  const log: Log = {
    ...silentLog,
    warn(fields, message) {
      told.push(fields);
      warnings.push(message);
    },
  };
  return createSweep({
    store,
    disk,
    logs: { list: async () => [], bytes: async () => 0, remove: async () => undefined },
    log,
    clock: { now: () => HOUR },
    keepWorkspaces: 'all',
    instruments,
    limits: {
      ...{ workspacesBytes: 20 * GIB, mirrorsBytes: 50 * GIB, perWorkspaceBytes: 10 * GIB },
      ...{ retentionMs: 24 * HOUR, deliveriesMs: 24 * HOUR },
      ...limits,
    },
    workspaces: {
      async remove({ taskId, repositoryId }, mayGo, { keep } = { keep: true }) {
        if ((await mayGo?.()) !== true) return false;
        return keep ? disk.keep(`workspace ${taskId}`, repositoryId) : disk.delete(`workspace ${taskId}`);
      },
      removeOrphan: async () => false,
      async removeMirror(repositoryId, lives) {
        for (const { id, repositoryId: its } of await store.read.tasks.withWorkspace()) {
          if (its === repositoryId && (await lives(id))) return false;
        }
        return disk.delete(`mirror ${repositoryId}`);
      },
      removeKeptTree: async (repositoryId) => disk.delete(`tree ${repositoryId}`),
      removeHalfRemoved: async () => undefined,
    },
    failTask: () => undefined,
  });
}

/** A task whose workspace takes so much; null: it is never known. */
async function take(id: string, bytes: number | null, then: 'runs' | 'ended' = 'ended'): Promise<void> {
  const task = await startTask(store, id);
  const workspace = `workspace ${id}`;
  await store.write((tx) => tx.tasks.recordWorkspace(task, { workspace, baseBranch: 'main', baseSha: 'abc' }));
  disk.put(workspace, bytes);
  if (then === 'ended') await store.write((tx) => tx.tasks.end(task, id.endsWith('0') ? failed : completed, 2_500));
}

const isFull = async () => (await store.read.disk.fullSince()) !== null;

describe('with little free space on the file system', () => {
  it('what may go goes, though it is within the quotas, and only as much as is short', async () => {
    await insertReady(store, 'f-1', 3);
    for (const id of ['f-1/0', 'f-1/1', 'f-1/2']) await take(id, 300 * MIB);
    disk.free = 100 * MIB;
    await createSweeper()();
    expect(disk.left()).toEqual(['workspace f-1/2']);
    expect([await isFull(), warnings]).toEqual([false, []]);
  });

  it('what goes makes room, as nothing of it is kept: mirrors of others stay, and it is not full', async () => {
    await insertReady(store, 'f-1', 3);
    for (const id of ['f-1/0', 'f-1/1', 'f-1/2']) await take(id, 300 * MIB);
    for (const id of [7, 8]) disk.put(`mirror ${id}`, 400 * MIB);
    disk.free = 100 * MIB;
    await createSweeper()();
    expect(disk.left()).toEqual(['mirror 7', 'mirror 8', 'workspace f-1/2']);
    expect([disk.free, await isFull(), warnings]).toEqual([700 * MIB, false, []]);
  });

  it('mirrors go where workspaces were not enough, and it is full when nothing more may go', async () => {
    await insertReady(store, 'f-1', 1);
    await take('f-1/0', 300 * MIB, 'runs');
    for (const id of [7, 8]) disk.put(`mirror ${id}`, 400 * MIB);
    disk.free = 200 * MIB;
    const sweep = createSweeper();
    await sweep();
    expect(disk.left()).toEqual(['mirror 8', 'workspace f-1/0']);
    expect(await isFull()).toBe(false);

    disk.free = 50 * MIB;
    disk.put('mirror 8', 1 * MIB);
    await sweep();
    expect(disk.left()).toEqual(['workspace f-1/0']);
    expect(await isFull()).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/although what may go was removed: make room on the file system/)]);
  });
});

describe('what tasks left of the files of repositories', () => {
  it('goes before any mirror where their quota is passed, the one kept longest ago first', async () => {
    for (const id of [1, 2, 3]) disk.put(`mirror ${id}`, 200 * MIB);
    for (const id of [1, 2, 3]) disk.put(`tree ${id}`, 100 * MIB);
    const measured: object[] = [];
    const sweep = createSweeper({ mirrorsBytes: 750 * MIB }, { diskMeasured: (use) => measured.push(use) });
    await sweep();
    expect(disk.left()).toEqual(['mirror 1', 'mirror 2', 'mirror 3', 'tree 3']);
    expect(measured).toContainEqual(expect.objectContaining({ mirrors: 700 * MIB }));
    disk.put('mirror 4', 200 * MIB);
    await sweep();
    expect(disk.left()).toEqual(['mirror 2', 'mirror 3', 'mirror 4']);
    expect([await isFull(), warnings]).toEqual([false, []]);
  });

  it('goes before a kept workspace where the file system has little left', async () => {
    await insertReady(store, 'f-1', 1);
    await take('f-1/0', 300 * MIB);
    disk.put('tree 1', 500 * MIB);
    disk.free = 100 * MIB;
    await createSweeper()();
    expect(disk.left()).toEqual(['workspace f-1/0']);
  });

  it('goes where few inodes are left, and mirrors stay, as they are few files', async () => {
    disk.put('mirror 7', 900 * MIB);
    disk.put('tree 1', 500 * MIB);
    disk.freeInodes = 100 * MIB;
    await createSweeper()();
    expect(disk.left()).toEqual(['mirror 7']);
    expect([await isFull(), warnings], 'nothing has files any more that could go').toEqual([
      true,
      [expect.stringContaining('`df -i`')],
    ]);
    disk.freeInodes = GIB;
    await createSweeper()();
    expect(await isFull()).toBe(false);
  });
});

it('is full until there is some more room than that, by free space and by quota', async () => {
  await insertReady(store, 'f-1', 1);
  await take('f-1/0', 300 * MIB, 'runs');
  const sweep = createSweeper({ workspacesBytes: 1_000 * MIB });
  const after = async (free: number, taken: number) => {
    disk.free = free * MIB;
    disk.put('workspace f-1/0', taken * MIB);
    await sweep();
    return isFull();
  };
  expect(await after(300, 300)).toBe(false);
  expect(await after(250, 300)).toBe(true);
  expect(await after(300, 300)).toBe(true);
  expect(await after(512, 300)).toBe(false);
  expect(await after(9_000, 1_001)).toBe(true);
  expect(await after(9_000, 990)).toBe(true);
  expect(await after(9_000, 950)).toBe(false);
});

describe('mirrors over their quota', () => {
  const quota = { mirrorsBytes: 1 * GIB };

  it('take no workspace with them that makes no mirror go', async () => {
    await insertReady(store, 'f-1', 3);
    await insertReady(store, 'f-2', 1, { branch: 'other' });
    const [first, second] = await store.read.tasks.ofFleet('f-1');
    await take('f-1/0', MIB);
    await take('f-1/1', MIB);
    await take('f-1/2', MIB);
    await take('f-2/0', MIB, 'runs');
    expect((await store.read.tasks.get('f-2/0'))?.repositoryId, 'the same').toBe(first?.repositoryId);
    for (const id of [first?.repositoryId, second?.repositoryId]) disk.put(`mirror ${id}`, 2 * GIB);
    await createSweeper(quota)();
    expect(disk.left()).toEqual([
      `mirror ${first?.repositoryId}`,
      'workspace f-1/0',
      'workspace f-1/2',
      'workspace f-2/0',
    ]);
  });

  it('and what went with them is not told as taken', async () => {
    await insertReady(store, 'f-1', 2);
    await take('f-1/0', 990 * MIB);
    await take('f-1/1', MIB, 'runs');
    for (const { repositoryId } of await store.read.tasks.ofFleet('f-1')) disk.put(`mirror ${repositoryId}`, 2 * GIB);
    await createSweeper(quota)();
    expect(disk.left()).toEqual([expect.stringContaining('mirror'), 'workspace f-1/1']);
    expect(told).toEqual([expect.objectContaining({ workspaces: '1 MiB of 20 GiB', mirrors: '2 GiB of 1 GiB' })]);
  });
});

it('counts a workspace that cannot be measured as large, and says so once', async () => {
  await insertReady(store, 'f-1', 1);
  await take('f-1/0', null, 'runs');
  const sweep = createSweeper({ workspacesBytes: 9 * GIB });
  await sweep();
  await sweep();
  expect(await isFull()).toBe(true);
  expect(warnings.filter((message) => message.includes('could not be measured'))).toHaveLength(1);
  disk.put('workspace f-1/0', MIB);
  await sweep();
  expect(await isFull()).toBe(false);
});

it('tells what it measured, after what may go has gone', async () => {
  await insertReady(store, 'f-1', 2);
  for (const id of ['f-1/0', 'f-1/1']) await take(id, 15 * GIB);
  disk.put('mirror 1', 3 * GIB);
  const measured: object[] = [];
  await createSweeper({}, { diskMeasured: (use) => measured.push(use) })();
  expect(measured).toEqual([{ logs: 0 }, { workspaces: 15 * GIB, mirrors: 3 * GIB, free: 65 * GIB }]);
});
