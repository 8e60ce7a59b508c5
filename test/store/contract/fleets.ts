import { expect, it } from 'vitest';
import type { NewFleet } from '../../../src/store/contract/fleets.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import {
  aFleet,
  aPlan,
  completed,
  eventTypes,
  hubot,
  insertReady,
  mona,
  startTask,
  trackingIssue,
} from '../fixtures.ts';

export function fleetsContract(under: () => StoreUnderTest): void {
  const conflictOf = async (store: Store, id: string, change: Partial<NewFleet>) => {
    const event = { type: 'fleet_planned', v: 1, by: 'mona', targets: 1, leftOut: 0 } as const;
    const tasks = [{ id: `${id}/0`, repositoryId: 1, repository: 'acme/service-1' }];
    const result = await store.write((tx) => tx.fleets.insert(aFleet(id, change), tasks, event));
    return result.inserted ? null : result.conflict.id;
  };
  const planned = { expiresAt: 5_000 };
  const get = async (store: Store, id: string) => {
    const fleet = await store.read.fleets.get(id);
    if (fleet === undefined) throw new Error(`no fleet ${id}`);
    return fleet;
  };

  it('stores a fleet whole, with its tasks in plan order', async () => {
    const { store } = under();
    const fleet = await insertReady(store, 'f-1', 1_200, { runAs: hubot, idempotencyKey: 'k', ...planned });
    expect(await store.read.fleets.get('f-1')).toEqual({
      ...fleet,
      approvedAt: null,
      approvedBy: null,
      cancelRequestedAt: null,
      endedAt: null,
      wave: 0,
      gate: null,
      gateSince: null,
      pausedAt: null,
      pausedBy: null,
      turnedAt: null,
      supersededBy: null,
      trackingIssue,
      eventSeq: 1,
      reportedSeq: 0,
      reportedAt: null,
      reportedPages: [],
      editedSeq: 0,
      putBackSeq: 0,
    });
    const tasks = await store.read.tasks.ofFleet('f-1');
    expect(tasks).toHaveLength(1_200);
    expect(tasks[1_199]).toMatchObject({
      id: 'f-1/1199',
      position: 1_199,
      status: 'queued',
      branch: 'fleet/f-1',
      attempt: 0,
    });
    expect(await eventTypes(store, 'f-1')).toEqual(['fleet_planned']);
  });

  it('approves at once a fleet that does not wait, and refuses one without tasks', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    expect(await get(store, 'f-1')).toMatchObject({ approvedAt: 1_000, approvedBy: null });
    await expect(insertReady(store, 'f-2', 0)).rejects.toThrow('f-2 has no task');
  });

  it('names the fleet that a delivery, an idempotency key or an unended key has already', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1, { fleetKey: 'key', idempotencyKey: 'once' });
    expect(await conflictOf(store, 'f-2', { deliveryId: 'delivery of f-1' })).toBe('f-1');
    expect(await conflictOf(store, 'f-2', { idempotencyKey: 'once' })).toBe('f-1');
    expect(await conflictOf(store, 'f-2', { fleetKey: 'key' })).toBe('f-1');
    expect(await store.read.fleets.get('f-2')).toBeUndefined();
    expect(await conflictOf(store, 'f-3', { idempotencyKey: 'once', installationId: 8 })).toBeNull();
    expect(await conflictOf(store, 'f-4', { idempotencyKey: 'once', controlRepositoryId: 101 })).toBeNull();
  });

  it('has one fleet of two that are inserted at once for one key', async () => {
    const { store } = under();
    const results = await Promise.all(['f-1', 'f-2', 'f-3'].map((id) => conflictOf(store, id, { fleetKey: 'key' })));
    expect(results).toEqual([null, 'f-1', 'f-1']);
  });

  it('takes the same key again once its fleet ended, and finds the one before', async () => {
    const { store } = under();
    for (const id of ['f-1', 'f-2']) {
      await insertReady(store, id, 1, { fleetKey: 'key' });
      const task = await startTask(store, `${id}/0`);
      await store.write((tx) => tx.tasks.end(task, completed, 3_000));
    }
    await insertReady(store, 'f-3', 1, { fleetKey: 'key' });
    const { fleets } = store.read;
    expect((await fleets.unendedByKey('key'))?.id).toBe('f-3');
    expect((await fleets.previousOfKey('key', 'f-3'))?.id).toBe('f-2');
    expect((await fleets.previousOfKey('key', 'f-2'))?.id).toBe('f-1');
    expect(await fleets.previousOfKey('key', 'f-1')).toBeUndefined();
    expect((await fleets.previousOfKey('key', 'not stored yet'))?.id).toBe('f-2');
    const withoutSuccessor = async (before: string) =>
      (await fleets.endedOfKeyWithoutSuccessor('key', before)).map(({ id }) => id);
    expect(await withoutSuccessor('f-3')).toEqual(['f-1', 'f-2']);
    expect(await withoutSuccessor('f-2')).toEqual(['f-1']);
    await store.write((tx) => tx.fleets.supersede('f-1', 'f-3', 4_000));
    expect(await withoutSuccessor('f-3')).toEqual(['f-2']);
    expect((await fleets.byPullRequest(1, 12))?.id).toBe('f-2');
    expect(await fleets.byPullRequest(2, 12)).toBeUndefined();
    expect((await fleets.unended()).map(({ id }) => id)).toEqual(['f-3']);
    expect((await fleets.all()).map(({ id }) => id)).toEqual(['f-1', 'f-2', 'f-3']);
    expect((await fleets.ofControlRepository(100, 2)).map(({ id }) => id)).toEqual(['f-3', 'f-2']);
  });

  it('finds a fleet by its delivery, its idempotency key and its tracking issue', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1, { idempotencyKey: 'once' });
    const { fleets } = store.read;
    expect((await fleets.byDelivery('delivery of f-1'))?.id).toBe('f-1');
    expect((await fleets.byIdempotencyKey(7, 100, 'once'))?.id).toBe('f-1');
    expect(await fleets.byIdempotencyKey(8, 100, 'once')).toBeUndefined();
    expect(await fleets.byIdempotencyKey(7, 101, 'once')).toBeUndefined();
    expect((await fleets.byTrackingIssue(100, 44))?.trackingIssue).toEqual(trackingIssue);
    await store.write((tx) => tx.fleets.setTrackingIssue('f-1', null));
    expect(await fleets.byTrackingIssue(100, 44)).toBeUndefined();
  });

  it('holds a plan back until it is approved, once', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1, planned);
    expect(await store.write((tx) => tx.tasks.admissible('f-1', 2_000, 8))).toEqual([]);
    expect(await store.write((tx) => tx.tasks.start('f-1/0', 2_000, 3_000))).toBeUndefined();
    await store.write((tx) => tx.fleets.approve('f-1', hubot, 2_000));
    await store.write((tx) => tx.fleets.approve('f-1', mona, 2_500));
    expect(await get(store, 'f-1')).toMatchObject({ approvedAt: 2_000, approvedBy: hubot });
    expect(await eventTypes(store, 'f-1')).toEqual(['fleet_planned', 'fleet_approved']);
    expect(await store.write((tx) => tx.tasks.admissible('f-1', 2_000, 8))).toHaveLength(1);
  });

  it('ends a plan that nobody approved in time', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2, planned);
    await insertReady(store, 'f-2', 1);
    await store.write((tx) => tx.fleets.expire('f-1', 4_999));
    expect(await store.read.fleets.expired(4_999)).toEqual([]);
    expect((await store.read.fleets.expired(5_000)).map(({ id }) => id)).toEqual(['f-1']);
    await store.write((tx) => tx.fleets.expire('f-1', 5_000));
    await store.write((tx) => tx.fleets.expire('f-2', 5_000));
    expect(await get(store, 'f-1')).toMatchObject({ endedAt: 5_000 });
    expect(await get(store, 'f-2')).toMatchObject({ endedAt: null });
    expect((await store.read.tasks.ofFleet('f-1')).map(({ status, reason }) => [status, reason])).toEqual([
      ['cancelled', 'Nobody approved the plan in time.'],
      ['cancelled', 'Nobody approved the plan in time.'],
    ]);
    const events = await store.read.events.ofFleet('f-1');
    expect(events.map(({ event }) => event.type)).toEqual([
      'fleet_planned',
      'fleet_expired',
      'task_cancelled',
      'task_cancelled',
      'fleet_ended',
    ]);
    expect(events.at(-1)?.event).toMatchObject({ status: 'cancelled' });
    await expect(store.write((tx) => tx.fleets.approve('f-1', mona, 6_000))).rejects.toThrow('f-1 ended');
  });

  it('ends a planned fleet as cancelled when it is cancelled', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2, planned);
    const early = store.write((tx) => tx.tasks.cancelFleet('f-1', 'by mona', 2_000));
    await expect(early).rejects.toThrow('request the cancel before');
    const marked = await store.write(async (tx) => {
      await tx.fleets.requestCancel('f-1', 2_000, mona);
      return await tx.tasks.cancelFleet('f-1', 'by mona', 2_000);
    });
    expect(marked).toEqual([]);
    const events = await store.read.events.ofFleet('f-1');
    expect(events.map(({ event }) => event.type).slice(1)).toEqual([
      'fleet_cancel_requested',
      'task_cancelled',
      'task_cancelled',
      'fleet_ended',
    ]);
    expect(events.at(-1)?.event).toMatchObject({ status: 'cancelled' });
  });

  it('is rejected or cancelled, whichever came first', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1, planned);
    await store.write(async (tx) => {
      await tx.fleets.reject('f-1', 'plan', mona, 2_000);
      await tx.fleets.requestCancel('f-1', 2_500, mona);
      await tx.tasks.cancelFleet('f-1', 'by mona', 2_500);
    });
    expect(await get(store, 'f-1')).toMatchObject({ cancelRequestedAt: 2_000, endedAt: 2_500 });
    await store.write((tx) => tx.fleets.reject('f-1', 'plan', mona, 3_000));
    const events = await store.read.events.ofFleet('f-1');
    expect(events.map(({ event }) => event).slice(1)).toMatchObject([
      { type: 'fleet_rejected', by: 'mona', on: 'plan' },
      { type: 'task_cancelled' },
      { type: 'fleet_ended', status: 'cancelled' },
    ]);
  });

  it('does not end while a task has not, and ends once', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    await expect(store.write((tx) => tx.fleets.end('f-1', 2_000))).rejects.toThrow('1 of its tasks have not');
    const task = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.end(task, completed, 3_000));
    await store.write((tx) => tx.fleets.end('f-1', 4_000));
    expect(await get(store, 'f-1')).toMatchObject({ endedAt: 3_000 });
    expect((await eventTypes(store, 'f-1')).filter((type) => type === 'fleet_ended')).toHaveLength(1);
  });

  it('is superseded once', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    await store.write((tx) => tx.fleets.supersede('f-1', 'f-2', 2_000));
    await store.write((tx) => tx.fleets.supersede('f-1', 'f-3', 2_000));
    expect(await get(store, 'f-1')).toMatchObject({ supersededBy: 'f-2', eventSeq: 2 });
  });

  it('says how much of the caps each approved fleet takes', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 3, { plan: aPlan({ parallel: null }) });
    await insertReady(store, 'f-2', 1, { runAs: hubot, plan: aPlan({ parallel: 2 }) });
    await insertReady(store, 'f-3', 1, planned);
    await startTask(store, 'f-1/0');
    await startTask(store, 'f-1/2');
    const parked = await startTask(store, 'f-2/0');
    await store.write((tx) => tx.tasks.enterPublishing(parked, 'tree', 2_100));
    await store.write((tx) => tx.tasks.requeue(parked, 'paced', 9_000, 2_200));
    expect(await store.read.fleets.loads()).toEqual([
      { fleetId: 'f-1', userId: mona.id, parallel: null, running: 2, parked: 0 },
      { fleetId: 'f-2', userId: hubot.id, parallel: 2, running: 0, parked: 1 },
    ]);
  });
}
