import { expect, it } from 'vitest';
import { FenceLost, type Lease } from '../../../src/store/contract/lease.ts';
import type { Store, Tx } from '../../../src/store/contract/store.ts';
import { ABANDONMENTS, PUBLISHING_PATIENCE_MS, type TaskRow } from '../../../src/store/contract/tasks.ts';
import type { StoreUnderTest } from '../contract.ts';
import {
  aNode,
  completed,
  eventTypes,
  failed,
  insertFleet,
  insertReady,
  mona,
  spend,
  startTask,
  trackingIssue,
} from '../fixtures.ts';

export function tasksContract(under: () => StoreUnderTest): void {
  const get = async (store: Store, id: string) => {
    const task = await store.read.tasks.get(id);
    if (task === undefined) throw new Error(`no task ${id}`);
    return task;
  };
  const admissible = async (store: Store, now = 2_000, fleetId = 'f-1', limit = 10) =>
    (await store.write((tx) => tx.tasks.admissible(fleetId, now, limit))).map(({ id }) => id);
  const parked = async (store: Store, now = 2_000) =>
    (await store.write((tx) => tx.tasks.parked(now))).map(({ id }) => id);
  const cancel = (store: Store, fleetId: string) =>
    store.write(async (tx) => {
      await tx.fleets.requestCancel(fleetId, 2_500, mona);
      return await tx.tasks.cancelFleet(fleetId, 'mona cancelled it', 2_500);
    });

  it('starts with a new fence, attempt and event', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const task = await startTask(store, 'f-1/0');
    expect(task).toMatchObject({ status: 'running', fence: 1, attempt: 1, startedAt: 2_000 });
    expect((await store.read.tasks.running()).map(({ id }) => id)).toEqual(['f-1/0']);
    expect(await store.write((tx) => tx.tasks.start('f-1/0', 2_000, 3_000))).toBeUndefined();
    expect((await store.read.events.ofFleet('f-1')).at(-1)?.event).toEqual({
      type: 'task_started',
      v: 1,
      taskId: 'f-1/0',
      attempt: 1,
    });
  });

  it('offers tasks of a fleet in plan order, at most so many', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 3);
    await insertReady(store, 'f-2', 1);
    expect(await admissible(store)).toEqual(['f-1/0', 'f-1/1', 'f-1/2']);
    expect(await admissible(store, 2_000, 'f-1', 2)).toEqual(['f-1/0', 'f-1/1']);
  });

  it('offers nothing of a fleet before its tracking issue exists or was given up', async () => {
    const { store } = under();
    await insertFleet(store, 'f-1', 1);
    await insertFleet(store, 'f-2', 1);
    expect(await admissible(store)).toEqual([]);
    expect(await store.write((tx) => tx.tasks.start('f-1/0', 2_000, 3_000))).toBeUndefined();
    await store.write((tx) => tx.fleets.setTrackingIssue('f-1', trackingIssue));
    expect(await admissible(store)).toEqual(['f-1/0']);
    await store.write(async (tx) => {
      const report = await tx.fleets.claimReport('f-2', 2_000, 3_000);
      if (report === undefined) throw new Error('the report is not free');
      await tx.fleets.reported(report, { seq: 1, at: 2_000, pages: [] });
    });
    expect(await admissible(store, 2_000, 'f-2')).toEqual(['f-2/0']);
  });

  it('offers nothing of an installation that GitHub closed, until it opens', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    await insertReady(store, 'f-2', 1, { installationId: 8 });
    const publishing = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.enterPublishing(publishing, 'tree', 2_100));
    await store.write((tx) => tx.tasks.requeue(publishing, 'limited', 0, 2_200));
    await store.write((tx) => tx.budget.close(7, 5_000));
    expect(await admissible(store, 4_999)).toEqual([]);
    expect(await parked(store, 4_999)).toEqual([]);
    expect(await store.write((tx) => tx.tasks.start('f-1/1', 4_999, 9_000))).toBeUndefined();
    expect(await admissible(store, 4_999, 'f-2')).toEqual(['f-2/0']);
    expect(await admissible(store, 5_000)).toEqual(['f-1/1']);
    expect(await parked(store, 5_000)).toEqual(['f-1/0']);
  });

  it('offers tasks in the middle of publishing in the order of their times, whichever fleet is older', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    await insertReady(store, 'f-2', 3);
    for (const [id, notBefore] of [
      ['f-1/1', 5_000],
      ['f-2/0', 4_000],
      ['f-2/2', 9_000],
    ] as const) {
      const task = await startTask(store, id);
      await store.write((tx) => tx.tasks.enterPublishing(task, 'tree', 2_100));
      await store.write((tx) => tx.tasks.requeue(task, 'paced', notBefore, 2_200));
    }
    expect(await parked(store, 6_000)).toEqual(['f-2/0', 'f-1/1']);
    expect(await admissible(store, 6_000, 'f-2')).toEqual(['f-2/1']);
  });

  it('lets one task at a time have a branch of a repository', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1, { branch: 'same' });
    await insertReady(store, 'f-2', 2, { branch: 'same' });
    const task = await startTask(store, 'f-1/0');
    expect(await admissible(store, 2_000, 'f-2')).toEqual(['f-2/1']);
    expect(await store.write((tx) => tx.tasks.start('f-2/0', 2_000, 3_000))).toBeUndefined();
    await store.write((tx) => tx.tasks.end(task, failed, 3_000));
    expect(await admissible(store, 2_000, 'f-2')).toEqual(['f-2/0', 'f-2/1']);
  });

  const claimBranch = (store: Store, key: string, { branch = 'b', lapsed = false } = {}) =>
    store.write((tx) => tx.tasks.claimBranch(1, branch, key, { lapsed }));

  it('gives a branch to the first fleet key that asks', async () => {
    const { store } = under();
    expect(await claimBranch(store, 'one')).toBe(true);
    expect(await claimBranch(store, 'two')).toBe(false);
    expect(await claimBranch(store, 'one')).toBe(true);
    expect(await claimBranch(store, 'two', { branch: 'c' })).toBe(true);
  });

  it('gives a branch to another key once nothing of its owner is left, on GitHub or at work', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1, { fleetKey: 'one' });
    expect(await claimBranch(store, 'one')).toBe(true);
    expect(await claimBranch(store, 'two', { lapsed: true })).toBe(false);
    const task = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.end(task, failed, 3_000));
    expect(await claimBranch(store, 'two')).toBe(false);
    expect(await claimBranch(store, 'two', { lapsed: true })).toBe(true);
    expect(await claimBranch(store, 'one')).toBe(false);
    expect(await claimBranch(store, 'two')).toBe(true);
  });

  it('refuses every write of a worker whose fence is old', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const old = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.requeue(old, 'lost', 0, 2_100));
    const held = await startTask(store, 'f-1/0');
    expect(held.fence).toBe(2);
    const push = {
      id: 'p-1',
      repositoryId: 1,
      branch: 'b',
      sha: 'abc',
      expected: null,
      taskId: 'f-1/0',
      fleetId: 'f-1',
      state: 'intended',
      at: 1,
    } as const;
    const writes: ((tx: Tx) => Promise<unknown>)[] = [
      (tx) => tx.tasks.check(old),
      (tx) => tx.tasks.extend(old, 9_000),
      (tx) => tx.tasks.recordWorkspace(old, { workspace: 'w', baseBranch: 'main', baseSha: 'abc' }),
      (tx) => tx.tasks.enterPublishing(old, 'tree', 2_200),
      (tx) => tx.tasks.end(old, completed, 2_200),
      (tx) => tx.tasks.requeue(old, 'again', 0, 2_200),
      (tx) => tx.tasks.abandon(old, 2_200),
      (tx) => tx.nodes.put(old, aNode(old, 'bump'), 2_200),
      (tx) => tx.pushes.intend(old, push),
    ];
    for (const write of writes) await expect(store.write(write), write.toString()).rejects.toThrow(FenceLost);
    expect(await get(store, 'f-1/0')).toEqual(
      expect.objectContaining({ status: 'running', fence: 2, workspace: null }),
    );
  });

  it('refuses a worker after its task ended', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.end(task, failed, 3_000));
    await expect(store.write((tx) => tx.tasks.end(task, completed, 3_100))).rejects.toThrow(FenceLost);
    expect(await get(store, 'f-1/0')).toMatchObject({ status: 'failed', category: 'command', endedAt: 3_000 });
  });

  it('ends the fleet with its last task, with the status of the rollup', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 3);
    const ends = [completed, failed, { status: 'timed_out', category: 'timeout', reason: 'over 60 minutes' }] as const;
    for (const [index, end] of ends.entries()) {
      expect((await store.read.fleets.get('f-1'))?.endedAt).toBeNull();
      const task = await startTask(store, `f-1/${index}`);
      await store.write((tx) => tx.tasks.end(task, end, 3_000 + index));
    }
    expect((await store.read.fleets.get('f-1'))?.endedAt).toBe(3_002);
    expect(await eventTypes(store, 'f-1')).toEqual([
      'fleet_planned',
      'task_started',
      'task_completed',
      'task_started',
      'task_failed',
      'task_started',
      'task_timed_out',
      'fleet_ended',
    ]);
    expect((await store.read.events.ofFleet('f-1')).at(-1)?.event).toMatchObject({ status: 'partial' });
    expect(await get(store, 'f-1/0')).toMatchObject({ outcome: 'changed', pullRequest: completed.pullRequest });
  });

  it('cancels queued tasks at once, marks running ones, and leaves those that publish', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 4);
    const running = await startTask(store, 'f-1/0');
    const publishing = await startTask(store, 'f-1/1');
    expect(await store.write((tx) => tx.tasks.enterPublishing(publishing, 'tree', 2_100))).toBe('entered');
    expect((await cancel(store, 'f-1')).map(({ id }) => id)).toEqual(['f-1/0']);
    expect(
      (await store.read.tasks.ofFleet('f-1')).map(({ status, cancelRequested }) => [status, cancelRequested]),
    ).toEqual([
      ['running', true],
      ['running', false],
      ['cancelled', false],
      ['cancelled', false],
    ]);
    expect(await store.write((tx) => tx.tasks.check(running))).toEqual({ cancelRequested: true });
    expect(await store.write((tx) => tx.tasks.enterPublishing(running, 'tree', 2_600))).toBe('cancelled');
    await store.write((tx) => tx.tasks.requeue(running, 'drained', 0, 2_700));
    expect(await get(store, 'f-1/0')).toMatchObject({ status: 'cancelled', category: 'cancelled' });
    await store.write((tx) => tx.tasks.end(publishing, completed, 2_800));
    expect((await store.read.events.ofFleet('f-1')).at(-1)?.event).toMatchObject({
      type: 'fleet_ended',
      status: 'partial',
    });
    expect(await cancel(store, 'f-1')).toEqual([]);
  });

  it('runs a task to its end that had begun to publish when its worker was lost, in spite of a cancel', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const first = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.enterPublishing(first, 'tree', 2_100));
    await store.write((tx) => tx.tasks.requeue(first, 'lost', 0, 2_200));
    await cancel(store, 'f-1');
    expect(await admissible(store)).toEqual([]);
    expect(await parked(store)).toEqual(['f-1/0']);
    const second = await startTask(store, 'f-1/0');
    expect(await store.write((tx) => tx.tasks.enterPublishing(second, 'tree', 2_600))).toBe('entered');
    await store.write((tx) => tx.tasks.end(second, completed, 2_700));
    expect((await eventTypes(store, 'f-1')).filter((type) => type === 'task_publishing')).toHaveLength(1);
    expect((await store.read.fleets.get('f-1'))?.endedAt).toBe(2_700);
  });

  it('ends queued tasks that may not run, leaves others alone, and with the last one ends the fleet', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 3);
    const task = await startTask(store, 'f-1/0');
    const refused = ['f-1/0', 'f-1/1', 'f-1/2'].map((taskId) => ({ taskId, reason: 'no longer allowed' }));
    await store.write((tx) => tx.tasks.refuse('f-1', refused, 'permission', 2_500));
    expect((await get(store, 'f-1/0'))?.status).toBe('running');
    expect(await get(store, 'f-1/1')).toMatchObject({ status: 'failed', category: 'permission', attempt: 0 });
    await store.write((tx) => tx.tasks.end(task, completed, 3_000));
    const events = await eventTypes(store, 'f-1');
    expect(events.slice(2)).toEqual(['task_failed', 'task_failed', 'task_completed', 'fleet_ended']);
  });

  it('keeps a requeued task back until its time', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.requeue(task, 'the branch moved', 9_000, 2_500));
    expect(await admissible(store, 8_999)).toEqual([]);
    expect(await admissible(store, 9_000)).toEqual(['f-1/0']);
    expect((await store.read.events.ofFleet('f-1')).at(-1)?.event).toMatchObject({
      type: 'task_requeued',
      reason: 'the branch moved',
    });
  });

  it('finds tasks whose lease ended, and all running ones after leases were orphaned', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const first = await startTask(store, 'f-1/0');
    await startTask(store, 'f-1/1');
    await store.write((tx) => tx.tasks.extend(first, 90_000));
    const abandoned = async (now: number) =>
      (await store.write((tx) => tx.tasks.abandoned(now))).map(({ id, fence }) => [id, fence]);
    expect(await abandoned(62_000)).toEqual([]);
    expect(await abandoned(62_001)).toEqual([['f-1/1', 1]]);
    await store.write((tx) => tx.orphanLeases());
    expect(await abandoned(1)).toEqual([
      ['f-1/0', 2],
      ['f-1/1', 2],
    ]);
    await expect(store.write((tx) => tx.tasks.check(first))).rejects.toThrow(FenceLost);
  });

  it('ends a task as failed whose process ended five times while it ran; a requeue does not count', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    for (let times = 1; times < ABANDONMENTS; times += 1) {
      const task = await startTask(store, 'f-1/0', 2_200);
      await store.write((tx) => tx.tasks.requeue(task, 'The server is stopping.', 0, 2_100));
      const again = await startTask(store, 'f-1/0', 2_200);
      await store.write((tx) => tx.tasks.abandon(again, 2_200));
      expect(await get(store, 'f-1/0')).toMatchObject({ status: 'queued' });
    }
    const last = await startTask(store, 'f-1/0', 2_200);
    await store.write((tx) => tx.tasks.abandon(last, 2_200));
    expect(await get(store, 'f-1/0')).toMatchObject({
      status: 'failed',
      category: 'too_large',
      reason: expect.stringContaining('process ended 5 times while this task ran'),
    });
    expect(await admissible(store)).toEqual(['f-1/1']);
  });

  it('does not give up a task that has begun to publish, however often its process ends, for six hours', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    for (let times = 0; times < ABANDONMENTS; times += 1) {
      const task = await startTask(store, 'f-1/0', 2_200);
      await store.write((tx) => tx.tasks.enterPublishing(task, 'tree', 2_100));
      await store.write((tx) => tx.tasks.abandon(task, 2_200));
      expect(await get(store, 'f-1/0')).toMatchObject({ status: 'queued', publishingAt: 2_100 });
    }
    const late = 2_100 + PUBLISHING_PATIENCE_MS;
    for (let times = 0; times < ABANDONMENTS; times += 1) {
      const task = await startTask(store, 'f-1/0', late);
      await store.write((tx) => tx.tasks.abandon(task, late));
    }
    expect(await get(store, 'f-1/0')).toMatchObject({ status: 'failed', category: 'too_large' });
  });

  it('cancels an abandoned task whose cancel was requested', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    await cancel(store, 'f-1');
    await store.write((tx) => tx.tasks.abandon(task, 2_600));
    expect(await get(store, 'f-1/0')).toMatchObject({ status: 'cancelled' });
  });

  it('keeps the workspace, the base and the cost over all attempts', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const first = await startTask(store, 'f-1/0');
    await store.write((tx) =>
      tx.tasks.recordWorkspace(first, { workspace: '/w/1', baseBranch: 'main', baseSha: 'abc' }),
    );
    await spend(store, first, 0.1);
    await store.write((tx) => tx.tasks.requeue(first, 'lost', 0, 2_100));
    const second = await startTask(store, 'f-1/0');
    await spend(store, second, 0.2);
    expect(await get(store, 'f-1/0')).toMatchObject({
      workspace: '/w/1',
      baseBranch: 'main',
      baseSha: 'abc',
      costUsd: 0.3,
    });
    await store.write((tx) => tx.tasks.end(second, failed, 5_000));
    expect((await store.read.tasks.withWorkspace()).map(({ id }) => id)).toEqual(['f-1/0']);
    const forget = (lease: Lease, tell = false) => store.write((tx) => tx.tasks.forgetWorkspace(lease, tell, 6_000));
    expect(await forget(first), 'another worker had it since').toBe(false);
    expect(await forget(second, true)).toBe(true);
    expect((await store.read.events.ofFleet('f-1')).at(-1)?.event).toMatchObject({ type: 'workspace_removed' });
    expect(await forget(second), 'it has none any more').toBe(false);
    expect(await store.read.tasks.withWorkspace()).toEqual([]);
    expect(await get(store, 'f-1/0')).toMatchObject({ workspace: null, baseSha: 'abc' });
  });

  const put = (store: Store, task: TaskRow & Lease, nodeId: string, change = {}) =>
    store.write((tx) => tx.nodes.put(task, aNode(task, nodeId, change), 2_200));

  it('records nodes with their events, in the order in which they came', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    await put(store, task, 'test');
    await put(store, task, 'bump', { status: 'skipped' });
    const ended = { status: 'failed', exitCode: 1, output: 'out', tail: 'err', costUsd: 0.25, endedAt: 2_300 } as const;
    await put(store, task, 'test', ended);
    expect(await store.read.nodes.ofTask('f-1/0', 1)).toEqual([
      aNode(task, 'test', ended),
      aNode(task, 'bump', { status: 'skipped' }),
    ]);
    expect((await store.read.events.ofFleet('f-1')).slice(2).map(({ event }) => event)).toEqual([
      { type: 'node_started', v: 1, taskId: 'f-1/0', node: 'test' },
      { type: 'node_ended', v: 1, taskId: 'f-1/0', node: 'bump', status: 'skipped' },
      { type: 'node_ended', v: 1, taskId: 'f-1/0', node: 'test', status: 'failed' },
    ]);
  });

  it('refuses a transition of a node that there is not, and one of another attempt', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    await put(store, task, 'test');
    await put(store, task, 'test', { status: 'completed' });
    await expect(put(store, task, 'test')).rejects.toThrow('test of task f-1/0 cannot go from completed to running');
    await expect(put(store, task, 'bump', { status: 'completed' })).rejects.toThrow('from pending to completed');
    await expect(put(store, task, 'bump', { attempt: 2 })).rejects.toThrow('bump is of f-1/0/2');
  });

  it('shows the nodes of the newest attempt of each task, without their outputs', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const first = await startTask(store, 'f-1/0');
    await put(store, first, 'old');
    await store.write((tx) => tx.tasks.requeue(first, 'lost', 0, 2_100));
    const other = await startTask(store, 'f-1/1');
    await put(store, other, 'other', { output: 'long', tail: 'short' });
    const second = await startTask(store, 'f-1/0');
    await put(store, second, 'new');
    const { output, ...summary } = aNode(other, 'other', { output: 'long', tail: 'short' });
    expect(output).toBe('long');
    const summaries = await store.read.nodes.summariesOfFleet('f-1');
    expect(summaries.map(({ nodeId, attempt }) => [nodeId, attempt])).toEqual([
      ['new', 2],
      ['other', 1],
    ]);
    expect(summaries[1]).toEqual(summary);
  });

  it('remembers every commit that was meant for a branch, newest first', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    const push = (id: string, sha: string, expected: string | null) =>
      store.write((tx) =>
        tx.pushes.intend(task, {
          id,
          repositoryId: 1,
          branch: 'b',
          sha,
          expected,
          taskId: 'f-1/0',
          fleetId: 'f-1',
          state: 'intended',
          at: 5,
        }),
      );
    await push('p-1', 'aaa', null);
    await push('p-2', 'bbb', 'aaa');
    for (const now of [6, 7]) await store.write((tx) => tx.pushes.settle('p-1', 'pushed', now));
    const landed = await store.read.events.lastOfFleet('f-1', ['branch_pushed'], 10);
    expect(landed).toMatchObject([{ at: 6, event: { sha: 'aaa' } }]);
    expect(
      (await store.read.pushes.ofBranch(1, 'b')).map(({ sha, expected, state }) => [sha, expected, state]),
    ).toEqual([
      ['bbb', 'aaa', 'intended'],
      ['aaa', null, 'pushed'],
    ]);
    expect(await store.read.pushes.ofBranch(2, 'b')).toEqual([]);
    expect((await store.read.pushes.ofTask('f-1/0')).map(({ id }) => id)).toEqual(['p-2', 'p-1']);
    expect(await store.read.pushes.ofTask('f-1/1')).toEqual([]);
  });

  it('records a branch that was taken back once, under the fence of its task', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const task = await startTask(store, 'f-1/0');
    const other = await startTask(store, 'f-1/1');
    for (const now of [6, 7]) await store.write((tx) => tx.pushes.withdrawn(task, 'aaa', now));
    await store.write((tx) => tx.pushes.withdrawn(other, 'aaa', 8));
    await store.write((tx) => tx.pushes.withdrawn(task, 'bbb', 9));
    const stale = store.write((tx) => tx.pushes.withdrawn({ id: 'f-1/0', fence: task.fence - 1 }, 'ccc', 10));
    await expect(stale).rejects.toThrow(FenceLost);
    const told = await store.read.events.lastOfFleet('f-1', ['branch_deleted'], 10);
    expect(told).toMatchObject([
      { at: 6, event: { taskId: 'f-1/0', sha: 'aaa' } },
      { at: 8, event: { taskId: 'f-1/1', sha: 'aaa' } },
      { at: 9, event: { taskId: 'f-1/0', sha: 'bbb' } },
    ]);
  });
}
