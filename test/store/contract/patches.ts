import { expect, it } from 'vitest';
import type { PatchRow } from '../../../src/store/contract/patches.ts';
import type { TaskRow } from '../../../src/store/contract/tasks.ts';
import type { StoreUnderTest } from '../contract.ts';
import { completed, eventTypes, failed, hubot, insertReady, mona, startTask } from '../fixtures.ts';

const JOURNAL = { tree: 'a'.repeat(40), nodes: ['write'], ranMs: 0 };
const PREPARED = { ...completed, outcome: 'prepared', reason: '1 file, +1 −1', pullRequest: null } as const;

const aPatch = ({ id: taskId, attempt }: TaskRow, change: Partial<PatchRow> = {}): PatchRow => ({
  taskId,
  attempt,
  at: 2_500,
  digest: 'd1',
  size: 9,
  files: [
    { path: 'VERSION', added: 1, deleted: 1 },
    { path: 'logo', added: null, deleted: null },
  ],
  diff: '-1.0\n+2.0',
  truncated: true,
  ...change,
});

/** What a preview leaves, and how it goes on. */
export function patchesContract(current: () => StoreUnderTest): void {
  const store = () => current().store;
  const task = async (index: number) => {
    const row = await store().read.tasks.get(`f-1/${index}`);
    if (row === undefined) throw new Error(`there is no task ${index}`);
    return row;
  };
  async function prepare(index: number, digest = 'd1') {
    const held = await startTask(store(), `f-1/${index}`);
    await store().write(async (tx) => {
      await tx.patches.put(held, aPatch(held, { digest }));
      await tx.tasks.recordJournal(held, JOURNAL);
      await tx.tasks.end(held, PREPARED, 2_600);
    });
    return held;
  }
  const publish = (indexes: readonly number[], now = 5_000) =>
    store().write((tx) =>
      tx.fleets.publish(
        'f-1',
        indexes.map((index) => `f-1/${index}`),
        hubot,
        now,
      ),
    );

  it('keeps the patch of the newest attempt under the fence of its task', async () => {
    await insertReady(store(), 'f-1', 2);
    const held = await prepare(1);
    expect(await store().read.patches.get(held.id, 1)).toEqual(aPatch(held));
    expect(await store().read.patches.get(held.id, 2)).toBeUndefined();
    expect(await store().read.patches.summariesOfFleet('f-1')).toEqual([
      { taskId: held.id, attempt: 1, at: 2_500, digest: 'd1', size: 9 },
    ]);
    await expect(store().write((tx) => tx.patches.put(held, aPatch(held)))).rejects.toThrow('no longer held');
    const other = await startTask(store(), 'f-1/0');
    await expect(store().write((tx) => tx.patches.put(other, aPatch(held)))).rejects.toThrow('held is f-1/0/1');
  });

  it('publishes what is prepared and nothing else, and the fleet goes on where it had ended', async () => {
    await insertReady(store(), 'f-1', 3);
    await prepare(0);
    await prepare(1);
    const third = await startTask(store(), 'f-1/2');
    await store().write((tx) => tx.tasks.end(third, completed, 2_700));
    expect(await task(0), 'a worker can go on').toMatchObject({ outcome: 'prepared', journal: JOURNAL });

    expect(await publish([2])).toBe(0);
    expect(await publish([2, 1])).toBe(1);
    expect(await publish([1]), 'it is no longer prepared').toBe(0);
    expect(await task(1)).toMatchObject({
      ...{ status: 'queued', outcome: null, reason: null, endedAt: null, startedAt: null, notBefore: 5_000 },
      ...{ publishAsked: true, ranAgain: null, journal: JOURNAL, attempt: 1 },
    });
    expect(await task(0)).toMatchObject({ outcome: 'prepared', publishAsked: false });
    expect(await store().read.fleets.get('f-1')).toMatchObject({ endedAt: null, turnedAt: 5_000 });
    expect((await eventTypes(store(), 'f-1')).slice(-4)).toEqual([
      'fleet_ended',
      'fleet_reopened',
      'fleet_publish_requested',
      'task_publish_requested',
    ]);

    const again = await startTask(store(), 'f-1/1', 5_100);
    expect(again).toMatchObject({ attempt: 1, startedAt: 5_100, journal: JOURNAL });
    await store().write((tx) => tx.tasks.end(again, completed, 5_200));
    expect(await task(1)).toMatchObject({ outcome: 'changed', journal: null });
    expect(await store().read.patches.get('f-1/1', 1), 'the pull request shows it').toBeUndefined();
    expect((await eventTypes(store(), 'f-1')).at(-1)).toBe('fleet_ended');
  });

  it('tells why what was prepared ran again, until it is retried as a preview', async () => {
    await insertReady(store(), 'f-1', 1);
    await prepare(0);
    await publish([0]);
    const held = await startTask(store(), 'f-1/0', 5_100);
    await store().write((tx) => tx.tasks.prepareAgain(held, 'Its base moved.', 5_200));
    expect(await task(0)).toMatchObject({
      status: 'queued',
      journal: null,
      publishAsked: true,
      ranAgain: 'Its base moved.',
    });
    const second = await startTask(store(), 'f-1/0', 5_300);
    expect(second.attempt).toBe(2);
    expect(await store().read.patches.summariesOfFleet('f-1'), 'of the attempt before').toEqual([]);
    await store().write((tx) => tx.tasks.end(second, failed, 5_400));
    await store().write((tx) => tx.fleets.retry('f-1', ['f-1/0'], mona, 6_000));
    expect(await task(0)).toMatchObject({ status: 'queued', publishAsked: false, ranAgain: null });
  });

  it('forgets the patch of an attempt that did not come to its end, and those of a fleet that was superseded', async () => {
    await insertReady(store(), 'f-1', 2);
    await prepare(0);
    const held = await startTask(store(), 'f-1/1');
    await store().write((tx) => tx.patches.put(held, aPatch(held)));
    await store().write((tx) => tx.tasks.requeue(held, 'The server is stopping.', 0, 2_600));
    const again = await startTask(store(), 'f-1/1', 2_700);
    await store().write((tx) => tx.tasks.end(again, failed, 2_800));
    const kept = async () =>
      (await Promise.all([0, 1].map((index) => store().read.patches.get(`f-1/${index}`, 1)))).map(
        (patch) => patch !== undefined,
      );
    expect(await kept()).toEqual([true, false]);
    await store().write((tx) => tx.fleets.supersede('f-1', 'f-2', 3_000));
    expect(await kept()).toEqual([false, false]);
  });

  it('publishes nothing of a fleet that is being cancelled, and what is cancelled before its push is not pushed', async () => {
    await insertReady(store(), 'f-1', 3);
    await prepare(0);
    await prepare(1);
    await startTask(store(), 'f-1/2');
    expect(await publish([0])).toBe(1);
    expect((await eventTypes(store(), 'f-1')).slice(-2), 'it had not ended').toEqual([
      'fleet_publish_requested',
      'task_publish_requested',
    ]);
    await store().write(async (tx) => {
      await tx.fleets.requestCancel('f-1', 5_500, mona);
      await tx.tasks.cancelFleet('f-1', 'mona cancelled the fleet.', 5_500);
    });
    expect(await task(0)).toMatchObject({ status: 'cancelled', journal: null });
    expect(await store().read.patches.get('f-1/0', 1), 'it can no longer be pushed').toBeUndefined();
    expect(await task(1)).toMatchObject({ outcome: 'prepared' });
    expect(await store().read.patches.get('f-1/1', 1)).toBeDefined();
    await expect(publish([1])).rejects.toThrow('is being cancelled');
  });
}
