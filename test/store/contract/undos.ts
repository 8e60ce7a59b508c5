import { expect, it } from 'vitest';
import { FenceLost, type Lease } from '../../../src/store/contract/lease.ts';
import type { UndoEnd, UndoRow } from '../../../src/store/contract/undos.ts';
import type { StoreUnderTest } from '../contract.ts';
import { completed, eventTypes, hubot, insertReady, mona, startTask, trackingIssue } from '../fixtures.ts';

const DONE: UndoEnd = { state: 'undone', remark: null, detail: null };
const MERGED: UndoEnd = { state: 'kept', reason: 'merged', detail: null };

/** What people take back of a fleet that has ended. */
export function undosContract(current: () => StoreUnderTest): void {
  const store = () => current().store;

  /** A fleet of which every task has opened a pull request, ended at 3,000. */
  const ended = async (id: string, tasks: number) => {
    await insertReady(store(), id, tasks, { branch: 'fleet/one' });
    for (let index = 0; index < tasks; index += 1) {
      const held = await startTask(store(), `${id}/${index}`, 2_500);
      await store().write((tx) => tx.tasks.end(held, completed, 3_000));
    }
  };
  const request = (indexes: readonly number[], now = 4_000, by = mona) => {
    const ids = indexes.map((index) => `f-1/${index}`);
    return store().write((tx) => tx.undos.request('f-1', ids, by, now));
  };
  const claim = async (index: number, now = 4_000): Promise<UndoRow & Lease> => {
    const row = await store().write((tx) => tx.undos.claim(`f-1/${index}`, now, now + 1_000));
    if (row === undefined) throw new Error(`the undo of task ${index} is not due`);
    return row;
  };
  const settle = (lease: Lease, end: UndoEnd, now = 5_000) => store().write((tx) => tx.undos.settle(lease, end, now));
  const due = async (now = 4_000) => (await store().read.undos.due(now, 100)).map(({ taskId }) => taskId.slice(4));
  const turnedAt = async () => (await store().read.fleets.get('f-1'))?.turnedAt;

  it('is asked for, claimed, released and settled, each with its events, and the fleet turns where people wait for it', async () => {
    await ended('f-1', 3);
    await request([0, 2]);
    expect(await due()).toEqual(['0', '2']);
    expect(await turnedAt()).toBe(4_000);

    const first = await claim(0);
    expect(first).toMatchObject({ id: 'f-1/0', state: 'requested', by: mona, requestedAt: 4_000, failingSince: null });
    expect(await store().write((tx) => tx.undos.claim('f-1/0', 4_500, 5_500)), 'it is held').toBeUndefined();
    await store().write((tx) => tx.undos.release(first, { notBefore: 4_700, failingSince: 4_500 }));
    expect(await due(4_699)).toEqual(['2']);
    const again = await claim(0, 4_700);
    expect(again.failingSince).toBe(4_500);
    await expect(settle(first, DONE)).rejects.toThrow(FenceLost);
    await settle(again, { state: 'undone', remark: 'branch_left', detail: 'No.' });
    expect(await turnedAt(), 'one is still under way').toBe(4_000);
    await settle(await claim(2), MERGED, 6_000);
    expect(await turnedAt()).toBe(6_000);
    expect(await store().read.undos.ofFleet('f-1')).toMatchObject([
      { taskId: 'f-1/0', state: 'undone', remark: 'branch_left', detail: 'No.' },
      { taskId: 'f-1/2', state: 'kept', reason: 'merged', detail: null },
    ]);
    expect(await due(9_000)).toEqual([]);
    expect((await eventTypes(store(), 'f-1')).slice(-3)).toEqual([
      'undo_requested',
      'pull_request_undone',
      'pull_request_kept',
    ]);
    const events = (await store().read.events.ofFleet('f-1')).slice(-2).map(({ event }) => event);
    expect(events).toMatchObject([
      { taskId: 'f-1/0', pullRequest: 12, remark: 'branch_left' },
      { taskId: 'f-1/2', pullRequest: 12, reason: 'merged' },
    ]);
  });

  it('can be asked for once more, which voids the hands that have it, and of an ended fleet only', async () => {
    await ended('f-1', 2);
    await request([0]);
    await settle(await claim(0), MERGED);
    await request([0], 7_000, hubot);
    expect(await store().read.undos.get('f-1/0')).toMatchObject({ state: 'requested', by: hubot, requestedAt: 7_000 });
    const held = await claim(0, 7_000);
    await request([0, 1], 7_100);
    await expect(settle(held, DONE)).rejects.toThrow(FenceLost);
    expect(await due(7_100)).toEqual(['0', '1']);

    await insertReady(store(), 'f-2', 1);
    await expect(store().write((tx) => tx.undos.request('f-2', ['f-2/0'], mona, 8_000))).rejects.toThrow('not ended');
  });

  it('is free again when its lease ends, and at the next start', async () => {
    await ended('f-1', 1);
    await request([0]);
    const lost = await claim(0);
    expect(await due(5_001)).toEqual(['0']);
    await store().write((tx) => tx.orphanLeases());
    expect(await due()).toEqual(['0']);
    await expect(settle(lost, DONE)).rejects.toThrow(FenceLost);
  });

  it('and a task on the same branch of the same repository wait for each other', async () => {
    await ended('f-1', 2);
    await insertReady(store(), 'f-2', 2, { branch: 'fleet/one' });
    const live = await startTask(store(), 'f-2/0', 3_500);
    await request([0, 1]);
    expect(await due(), 'the live one goes first').toEqual(['1']);
    const admissible = async () =>
      (await store().write((tx) => tx.tasks.admissible('f-2', 4_000, 9))).map(({ id }) => id);
    expect(await admissible()).toEqual([]);
    expect(await store().write((tx) => tx.tasks.start('f-2/1', 4_000, 5_000))).toBeUndefined();
    await settle(await claim(1), DONE);
    expect(await admissible()).toEqual(['f-2/1']);
    await store().write((tx) => tx.tasks.end(live, completed, 5_000));
    expect(await due(5_000)).toEqual(['0']);
  });

  it('waits while its installation is closed, and for the place of its edit, which it leaves with its end', async () => {
    await ended('f-1', 2);
    await request([0, 1]);
    const held = await claim(0);
    const request1 = { kind: 'pull_request_edit', repository: 'acme/service-1', number: 12, state: 'closed' } as const;
    await store().write(async (tx) => {
      await tx.effects.intend({
        id: 'e-1',
        key: 'undo:f-1/0',
        installationId: 7,
        fleetId: 'f-1',
        taskId: 'f-1/0',
        request: request1,
        intendedAt: 4_000,
      });
      await tx.undos.release(held, { notBefore: 4_100, failingSince: null });
      await tx.budget.place(7, [{ effectId: 'e-1', at: 6_000, ofTask: true }]);
    });
    expect(await due(5_999)).toEqual(['1']);
    expect(await due(6_000)).toEqual(['0', '1']);
    await settle(await claim(0, 6_000), MERGED, 6_000);
    expect(await store().read.budget.places(7)).toEqual([]);
    expect(await store().read.effects.get('e-1'), 'nobody sends it any more').toMatchObject({ state: 'refused' });
    await store().write((tx) => tx.budget.close(7, 8_000));
    expect(await due(7_999)).toEqual([]);
    expect(await due(8_000)).toEqual(['1']);
  });

  it('outlives a restart', async () => {
    await ended('f-1', 1);
    await store().write((tx) => tx.fleets.setTrackingIssue('f-1', trackingIssue));
    await request([0]);
    const reopened = await current().reopen();
    expect((await reopened.read.undos.due(4_000, 1)).map(({ taskId }) => taskId)).toEqual(['f-1/0']);
  });
}
