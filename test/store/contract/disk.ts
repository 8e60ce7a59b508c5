import { expect, it } from 'vitest';
import { ABANDONMENTS, LIMIT_WAITS, PUBLISHING_PATIENCE_MS } from '../../../src/store/contract/tasks.ts';
import type { StoreUnderTest } from '../contract.ts';
import { eventTypes, insertFleet, insertReady, mona, startTask } from '../fixtures.ts';

export function diskContract(under: () => StoreUnderTest): void {
  it('says since when it is full, also after a restart, and tells fleets that have tasks to begin, once', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    await insertReady(store, 'f-2', 1);
    await insertFleet(store, 'f-3', 1, { expiresAt: 90_000 });
    const running = await startTask(store, 'f-2/0');
    expect(await store.read.disk.fullSince()).toBeNull();
    await store.write((tx) => tx.disk.setFull(false, 3_000));
    await store.write((tx) => tx.disk.setFull(true, 4_000));
    await store.write((tx) => tx.disk.setFull(true, 5_000));
    const again = await under().reopen();
    expect(await again.read.disk.fullSince()).toBe(4_000);
    await again.write((tx) => tx.tasks.requeue({ ...running, fence: running.fence }, 'waits', 0, 5_500));
    await again.write((tx) => tx.disk.setFull(false, 6_000));
    expect(await again.read.disk.fullSince()).toBeNull();
    const told = async (id: string) => (await eventTypes(again, id)).filter((type) => type.startsWith('disk_'));
    expect([await told('f-1'), await told('f-2'), await told('f-3')]).toEqual([
      ['disk_full', 'disk_freed'],
      ['disk_freed'],
      [],
    ]);
  });

  it('lets those be admitted alone that have begun', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const begun = await startTask(store, 'f-1/1');
    await store.write((tx) => tx.tasks.recordJournal(begun, { tree: 'a'.repeat(40), nodes: [], ranMs: 5 }));
    await store.write((tx) => tx.tasks.requeue(begun, 'paused', 0, 2_100));
    const admissible = async (only: boolean) =>
      (await store.write((tx) => tx.tasks.admissible('f-1', 3_000, 9, only))).map(({ id }) => id);
    expect([await admissible(false), await admissible(true)]).toEqual([['f-1/0', 'f-1/1'], ['f-1/1']]);
  });

  it('queues a task that found no room, and gives it up after as many times', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    for (let times = 1; times <= ABANDONMENTS; times += 1) {
      const task = await startTask(store, 'f-1/0');
      await store.write((tx) => tx.tasks.waitForDisk(task, 2_000, 2_500));
      const after = await store.read.tasks.get('f-1/0');
      if (times < ABANDONMENTS) expect(after).toMatchObject({ status: 'queued', notBefore: 2_000, attempt: times });
      else expect(after).toMatchObject({ status: 'failed', category: 'too_large' });
    }
    expect((await store.read.tasks.get('f-1/0'))?.reason).toContain(`was full ${ABANDONMENTS} times`);
  });

  it('does not give up a task that has begun to publish, however often the disk is full, for six hours', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const meetFull = async (now: number) => {
      for (let times = 0; times < ABANDONMENTS; times += 1) {
        const task = await startTask(store, 'f-1/0', now);
        await store.write((tx) => tx.tasks.enterPublishing(task, 'tree', 2_100));
        await store.write((tx) => tx.tasks.waitForDisk(task, now, now));
      }
      return (await store.read.tasks.get('f-1/0'))?.status;
    };
    expect(await meetFull(2_200)).toBe('queued');
    expect(await meetFull(2_100 + PUBLISHING_PATIENCE_MS)).toBe('failed');
  });

  it("lets a task wait for GitHub's limits so often, and for good once it has begun to publish", async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const after = async (id: string, now = 2_000) => {
      const task = await startTask(store, id, now);
      await store.write((tx) => tx.tasks.waitForLimit(task, '429', 2_000, 2_500));
      return store.read.tasks.get(id);
    };
    for (let times = 1; times <= LIMIT_WAITS; times += 1) {
      expect(await after('f-1/0')).toMatchObject({ status: 'queued', notBefore: 2_000 });
    }
    const publishes = await startTask(store, 'f-1/1');
    await store.write((tx) => tx.tasks.enterPublishing(publishes, 'tree', 2_100));
    await store.write((tx) => tx.tasks.waitForLimit(publishes, '429', 2_000, 2_500));
    for (let times = 1; times <= LIMIT_WAITS; times += 1) await after('f-1/1');
    expect(await store.read.tasks.get('f-1/1')).toMatchObject({ status: 'queued' });
    expect(await after('f-1/0')).toMatchObject({ status: 'failed', category: 'rate_limited' });
    await store.write((tx) => tx.fleets.retry('f-1', ['f-1/0'], mona, 2_600));
    expect(await after('f-1/0', 2_700), 'asked for anew').toMatchObject({ status: 'queued' });
  });

  it('forgets the workspace of a task that begins anew, and not of one that goes on from it', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const at = { workspace: '/w', baseBranch: 'main', baseSha: 'abc' };
    const [anew, goesOn] = [await startTask(store, 'f-1/0'), await startTask(store, 'f-1/1')];
    for (const task of [anew, goesOn]) await store.write((tx) => tx.tasks.recordWorkspace(task, at));
    const forget = (task: typeof anew) => store.write((tx) => tx.tasks.forgetWorkspace(task, false, 3_000));
    expect(await forget(anew), 'it runs').toBe(false);
    await store.write((tx) => tx.tasks.recordJournal(goesOn, { tree: 'a'.repeat(40), nodes: [], ranMs: 5 }));
    for (const task of [anew, goesOn]) await store.write((tx) => tx.tasks.requeue(task, 'waits', 0, 2_100));
    expect([await forget(anew), await forget(goesOn)]).toEqual([true, false]);
  });
}
