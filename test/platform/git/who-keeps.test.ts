import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDisk } from '../../../src/platform/disk/create-disk.ts';
import type { Lease } from '../../../src/store/contract/lease.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { TaskRow } from '../../../src/store/contract/tasks.ts';
import { openStore } from '../../../src/store/sqlite/open.ts';
import type { SweepContext } from '../../../src/sweep/context.ts';
import { createSweep } from '../../../src/sweep/create-sweep.ts';
import { sweepWorkspace } from '../../../src/worker/sweep-workspace.ts';
import { aFleet, completed, silentLog, startTask, trackingIssue } from '../../store/fixtures.ts';
import { FILTERED, type GitWorld, HERE, makeGitWorld, requestFor } from './git-world.ts';

/** The end of a task keeps what it left untouched for the next one; whoever makes room keeps nothing. */

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const { fleetId, taskId, repositoryId, repository } = requestFor();

let world: GitWorld;
let store: Store;
let free: number;

beforeEach(async () => {
  free = 50 * GIB;
  // Trees are kept only where what a task started ends with its box.
  world = makeGitWorld(undefined, FILTERED, { keptOn: HERE, freeBytes: async () => free });
  world.commit({ 'src/one.ts': 'one\n', 'package.json': '{}\n' });
  store = await openStore({ file: join(world.root, 'flotilla.db'), log: silentLog });
});
afterEach(async () => {
  await store.close();
  world.close();
});

const mirrors = () => readdirSync(join(world.dataDir, 'mirrors')).toSorted();

/** A task that is about to end, with a real workspace. */
async function aTask(): Promise<{ task: TaskRow & Lease; path: string }> {
  const planned = { type: 'fleet_planned', v: 1, by: 'mona', targets: 1, leftOut: 0 } as const;
  await store.write((tx) => tx.fleets.insert(aFleet(fleetId), [{ id: taskId, repositoryId, repository }], planned));
  await store.write((tx) => tx.fleets.setTrackingIssue(fleetId, trackingIssue));
  const task = await startTask(store, taskId);
  const { path, baseBranch, baseSha } = await world.workspaces.prepare(requestFor());
  await store.write((tx) => tx.tasks.recordWorkspace(task, { workspace: path, baseBranch, baseSha }));
  return { task, path };
}

async function end({ task, path }: Awaited<ReturnType<typeof aTask>>): Promise<void> {
  await store.write((tx) => tx.tasks.end(task, completed, 2_500));
  const clock = { now: () => 3_000 };
  const context = { store, clock, workspaces: world.workspaces, log: silentLog, keepWorkspaces: 'none' } as const;
  await sweepWorkspace(context, task, completed);
  expect(existsSync(path)).toBe(false);
}

function sweep(limits: Partial<SweepContext['limits']> = {}): Promise<void> {
  const sweepOnce = createSweep({
    store,
    workspaces: world.workspaces,
    disk: { ...createDisk({ dataDir: world.dataDir }), freeBytes: async () => free, freeForFiles: async () => free },
    logs: { list: async () => [], bytes: async () => 0, remove: async () => undefined },
    clock: { now: () => 3_000 },
    log: silentLog,
    keepWorkspaces: 'all',
    limits: {
      ...{ workspacesBytes: GIB, mirrorsBytes: GIB, perWorkspaceBytes: GIB },
      ...{ retentionMs: GIB, deliveriesMs: GIB },
      ...limits,
    },
    failTask: () => undefined,
  });
  return sweepOnce();
}

it('the end of a task keeps what it left untouched', async () => {
  await end(await aTask());
  expect(mirrors()).toEqual(['101.git', '101.tree']);
  await sweep();
  expect(mirrors()).toEqual(['101.git', '101.tree']);
});

it('the end of a task keeps nothing where the file system has less than what is always wanted', async () => {
  free = 512 * MIB - 1;
  await end(await aTask());
  expect(mirrors()).toEqual(['101.git']);
});

it.each([
  ['past its retention', { retentionMs: 0 }],
  ['that the quota has no room for', { workspacesBytes: 1 }],
])('a sweep keeps nothing of a workspace %s', async (_why, limits) => {
  const { task, path } = await aTask();
  await store.write((tx) => tx.tasks.end(task, completed, 2_500));
  await sweep();
  expect(existsSync(path)).toBe(true);
  await sweep(limits);
  expect([existsSync(path), mirrors()]).toEqual([false, ['101.git']]);
});

it('a sweep keeps nothing of a folder that no task has', async () => {
  const { path } = await world.workspaces.prepare(requestFor());
  await sweep();
  expect([existsSync(path), mirrors()]).toEqual([false, ['101.git']]);
});

it('a sweep removes what a killed process had begun to remove, though there is room', async () => {
  await end(await aTask());
  for (const name of ['7.git.removed', '101.tree.removed']) {
    mkdirSync(join(world.dataDir, 'mirrors', name, 'objects'), { recursive: true });
  }
  await sweep();
  expect(mirrors()).toEqual(['101.git', '101.tree']);
});
