import { expect, it } from 'vitest';
import type { EffectRequest, NewEffect } from '../../../src/store/contract/effects.ts';
import { FenceLost } from '../../../src/store/contract/lease.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import { failed, insertReady, startTask } from '../fixtures.ts';

export function effectsContract(under: () => StoreUnderTest): void {
  const comment: EffectRequest = { kind: 'comment', repository: 'acme/platform', number: 3, body: 'hello' };
  const reaction: EffectRequest = { kind: 'reaction', repository: 'acme/platform', commentId: 33, reaction: 'eyes' };
  const anEffect = (id: string, change: Partial<NewEffect> = {}): NewEffect => ({
    id,
    key: `key of ${id}`,
    installationId: 7,
    fleetId: 'f-1',
    taskId: null,
    request: comment,
    intendedAt: 1_000,
    ...change,
  });
  const intend = (store: Store, id: string, change: Partial<NewEffect> = {}) =>
    store.write((tx) => tx.effects.intend(anEffect(id, change)));
  const claim = async (store: Store, id: string, now: number) => {
    const row = await store.write((tx) => tx.effects.claim(id, now, now + 100));
    if (row === undefined) throw new Error(`effect ${id} is not free at ${now}`);
    return row;
  };
  const isFree = (store: Store, id: string, now: number) =>
    store.write(async (tx) => {
      const due = await tx.effects.due(now, 100);
      return due.some((effect) => effect.id === id);
    });
  const result = { id: 70, number: 3, url: 'https://github.example/acme/platform/issues/3#issuecomment-70' };

  it('is one effect for one key', async () => {
    const { store } = under();
    const first = await intend(store, 'e-1', { key: 'k' });
    expect(first).toMatchObject({ state: 'intended', request: comment, sentAt: null, looks: 0, result: null });
    expect(first).toMatchObject({ unanswered: 0, unansweredSince: null });
    expect(await intend(store, 'e-2', { key: 'k', request: reaction })).toEqual(first);
    expect(await store.read.effects.byKey('k')).toEqual(first);
    expect(await store.read.effects.get('e-2')).toBeUndefined();
  });

  it('tells the creations of a fleet that can be there twice', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    /** Sent at each of these moments; only the last one was answered. */
    const settle = async (id: string, sends: readonly number[], change: Partial<NewEffect> = {}) => {
      await intend(store, id, change);
      for (const [index, at] of sends.entries()) {
        const lease = await claim(store, id, at);
        await store.write((tx) => tx.effects.sent(lease, at));
        const answered = index === sends.length - 1;
        await store.write((tx) =>
          answered ? tx.effects.done(lease, result, at) : tx.effects.unknown(lease, 'no answer', at),
        );
      }
    };
    await settle('e-once', [10]);
    await settle('e-twice', [10, 60]);
    await settle('e-other', [10, 60], { fleetId: null });
    await settle('e-edit', [10, 60], { request: { kind: 'comment_edit', repository: 'a/b', commentId: 1, body: '' } });
    await settle('e-deletion', [10, 60], {
      request: { kind: 'comment_deletion', repository: 'a/b', commentId: 1, number: 3, createdAt: 5 },
    });
    await settle('e-issue', [10, 60, 90], { request: { kind: 'issue', repository: 'a/b', title: 't', body: '' } });
    const found = async () => (await store.read.effects.sentAgainOfFleet('f-1')).map(({ id }) => id);
    expect(await found()).toEqual(['e-twice', 'e-issue']);

    await intend(store, 'e-adopted');
    const first = await claim(store, 'e-adopted', 10);
    await store.write((tx) => tx.effects.sent(first, 10));
    await store.write((tx) => tx.effects.unknown(first, 'no answer', 40));
    expect(await found(), 'what is not settled is looked for by itself').not.toContain('e-adopted');
    const look = await claim(store, 'e-adopted', 40);
    await store.write((tx) => tx.effects.done(look, result, 41));
    expect(await found(), 'what was sent once is there once').not.toContain('e-adopted');
  });

  it('goes from intended over sent to done, held by one worker', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    await intend(store, 'e-1');
    const lease = await claim(store, 'e-1', 10);
    expect(await store.write((tx) => tx.effects.claim('e-1', 20, 120))).toBeUndefined();
    await store.write((tx) => tx.effects.sent(lease, 11));
    expect(await store.read.effects.get('e-1')).toMatchObject({ state: 'sent', sentAt: 11 });
    await store.write((tx) => tx.effects.done(lease, result, 12));
    expect(await store.read.effects.get('e-1')).toMatchObject({ state: 'done', result });
    expect(await isFree(store, 'e-1', 9_999)).toBe(false);
    expect(await store.write((tx) => tx.effects.claim('e-1', 9_999, 10_000))).toBeUndefined();
  });

  it('refuses every write of a worker that lost it', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    await intend(store, 'e-1');
    const old = await claim(store, 'e-1', 10);
    const held = await claim(store, 'e-1', 111);
    expect(held.fence).toBe(2);
    const { write } = store;
    await expect(write((tx) => tx.effects.sent(old, 112))).rejects.toThrow(FenceLost);
    await expect(write((tx) => tx.effects.done(old, result, 12))).rejects.toThrow(FenceLost);
    await expect(write((tx) => tx.effects.refused(old, 'no', 12))).rejects.toThrow(FenceLost);
    await expect(write((tx) => tx.effects.unknown(old, 'cut', 5))).rejects.toThrow(FenceLost);
    await expect(write((tx) => tx.effects.looked(old, 5))).rejects.toThrow(FenceLost);
    await expect(write((tx) => tx.effects.postpone(old, 'later', 5))).rejects.toThrow(FenceLost);
    await write((tx) => tx.effects.refused(held, '422: gone', 12));
    expect(await store.read.effects.get('e-1')).toMatchObject({ state: 'refused', error: '422: gone' });
  });

  it('records what became of it with its fleet, but not of a reaction and an edit of the tracking issue', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const edit: EffectRequest = { kind: 'issue_edit', repository: 'acme/platform', number: 3, body: 'new' };
    await intend(store, 'e-1');
    await intend(store, 'e-2', { request: reaction });
    await intend(store, 'e-3', { request: edit });
    await intend(store, 'e-4', { taskId: 'f-1/0' });
    await intend(store, 'e-5', { fleetId: null });
    for (const id of ['e-1', 'e-2', 'e-3', 'e-5']) {
      const lease = await claim(store, id, 10);
      await store.write((tx) => tx.effects.done(lease, result, 12));
    }
    const lease = await claim(store, 'e-4', 10);
    await store.write((tx) => tx.effects.refused(lease, 'HTTP 422: no', 13));
    const types = ['effect_done', 'effect_refused'] as const;
    expect(await store.read.events.lastOfFleet('f-1', types, 10)).toMatchObject([
      { at: 12, event: { type: 'effect_done', effect: 'comment', taskId: null, number: 3 } },
      { at: 13, event: { type: 'effect_refused', effect: 'comment', taskId: 'f-1/0', error: 'HTTP 422: no' } },
    ]);
    expect(await store.read.events.lastOfFleet('f-1', types, 1)).toMatchObject([{ at: 13 }]);
  });

  it('counts the looks of an unknown one, each after its time, until it is sent again', async () => {
    const { store } = under();
    await intend(store, 'e-1');
    const first = await claim(store, 'e-1', 10);
    await store.write((tx) => tx.effects.sent(first, 11));
    await store.write((tx) => tx.effects.unknown(first, 'timeout', 1_000));
    expect(await isFree(store, 'e-1', 999)).toBe(false);
    const second = await claim(store, 'e-1', 1_000);
    expect(second).toMatchObject({ state: 'unknown', looks: 0, error: 'timeout' });
    await store.write((tx) => tx.effects.looked(second, 2_000));
    const third = await claim(store, 'e-1', 2_000);
    expect(third.looks).toBe(1);
    await store.write((tx) => tx.effects.sent(third, 2_001));
    expect(await store.read.effects.get('e-1')).toMatchObject({ state: 'sent', looks: 0 });
    await expect(store.write((tx) => tx.effects.looked(third, 3_000))).rejects.toThrow('cannot go from sent');
  });

  it('is free to be sent again when it certainly did not happen', async () => {
    const { store } = under();
    await intend(store, 'e-1');
    const lease = await claim(store, 'e-1', 10);
    await store.write((tx) => tx.effects.sent(lease, 11));
    await store.write((tx) => tx.effects.postpone(lease, '429', 500));
    expect(await store.read.effects.get('e-1')).toMatchObject({ state: 'intended', error: '429', notBefore: 500 });
    expect(await isFree(store, 'e-1', 499)).toBe(false);
    expect(await isFree(store, 'e-1', 500)).toBe(true);
  });

  it('is found as sent when its worker was lost after sending it', async () => {
    const { store } = under();
    await intend(store, 'e-1');
    const lease = await claim(store, 'e-1', 10);
    await store.write((tx) => tx.effects.sent(lease, 11));
    expect(await isFree(store, 'e-1', 110)).toBe(false);
    expect(await isFree(store, 'e-1', 111)).toBe(true);
    const second = await claim(store, 'e-1', 111);
    expect(second).toMatchObject({ state: 'sent', sentAt: 11 });
    await expect(store.write((tx) => tx.effects.sent(second, 112))).rejects.toThrow('cannot go from sent to sent');
    await store.write((tx) => tx.effects.unknown(second, 'its answer was lost', 500));
    expect(await claim(store, 'e-1', 500)).toMatchObject({ state: 'unknown', looks: 0 });
  });

  it('voids every lease at start and has sent ones looked for later', async () => {
    const { store } = under();
    await intend(store, 'e-1');
    await intend(store, 'e-2');
    await intend(store, 'e-3');
    const sent = await claim(store, 'e-1', 10);
    await store.write((tx) => tx.effects.sent(sent, 11));
    const held = await claim(store, 'e-2', 10);
    expect(await store.write((tx) => tx.effects.orphanAll(20, 500))).toBe(1);
    await expect(store.write((tx) => tx.effects.done(sent, result, 12))).rejects.toThrow(FenceLost);
    await expect(store.write((tx) => tx.effects.sent(held, 21))).rejects.toThrow(FenceLost);
    expect((await store.read.effects.due(21, 10)).map(({ id }) => id)).toEqual(['e-2', 'e-3']);
    expect((await store.read.effects.due(500, 10)).map(({ id, state }) => [id, state])).toEqual([
      ['e-1', 'unknown'],
      ['e-2', 'intended'],
      ['e-3', 'intended'],
    ]);
    expect(await store.read.effects.due(500, 2)).toHaveLength(2);
  });

  it('counts the sends that got no answer, from the first of them on', async () => {
    const { store } = under();
    await intend(store, 'e-1');
    for (const [from, count] of [
      [10, 1],
      [1_000, 2],
    ] as const) {
      const lease = await claim(store, 'e-1', from);
      await store.write((tx) => tx.effects.sent(lease, from + 1));
      await store.write((tx) => tx.effects.unknown(lease, 'timeout', 0));
      expect(await store.read.effects.get('e-1')).toMatchObject({ unanswered: count, unansweredSince: 11 });
    }
    const looking = await claim(store, 'e-1', 2_000);
    await store.write((tx) => tx.effects.unknown(looking, 'the look failed', 0));
    const limited = await claim(store, 'e-1', 3_000);
    await store.write((tx) => tx.effects.sent(limited, 3_001));
    await store.write((tx) => tx.effects.postpone(limited, '429', 0));
    expect(await store.read.effects.get('e-1')).toMatchObject({ unanswered: 2, unansweredSince: 11 });
    const lost = await claim(store, 'e-1', 4_000);
    await store.write((tx) => tx.effects.sent(lost, 4_001));
    await store.write((tx) => tx.effects.orphanAll(5_000, 5_000));
    expect(await store.read.effects.get('e-1')).toMatchObject({ unanswered: 3, unansweredSince: 11 });
  });

  it("lists a task's effects in the order in which they were intended", async () => {
    const { store } = under();
    await intend(store, 'e-2', { taskId: 't-1' });
    await intend(store, 'e-1', { taskId: 't-1' });
    await intend(store, 'e-3', { taskId: 't-2' });
    expect((await store.read.effects.ofTask('t-1')).map(({ id }) => id)).toEqual(['e-2', 'e-1']);
  });

  it("lists a fleet's creations whose outcome is not known", async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    await intend(store, 'e-1');
    await intend(store, 'e-2', { request: reaction });
    await intend(store, 'e-3', { fleetId: 'f-2' });
    await intend(store, 'e-4');
    const lease = await claim(store, 'e-4', 10);
    await store.write((tx) => tx.effects.done(lease, result, 12));
    expect((await store.read.effects.unsettledOfFleet('f-1')).map(({ id }) => id)).toEqual(['e-1']);
  });

  it("lists a fleet's texts of issues, newest first, whatever became of them", async () => {
    const { store } = under();
    const edit = { kind: 'issue_edit' as const, repository: 'acme/platform', number: 1, body: 'x' };
    await intend(store, 'e-1', { request: { kind: 'issue', repository: 'acme/platform', title: 't', body: 'x' } });
    await intend(store, 'e-2', { request: edit });
    await intend(store, 'e-3', { request: reaction });
    await intend(store, 'e-4', { request: edit, fleetId: 'f-2' });
    await intend(store, 'e-5', { request: edit });
    const listed = async (limit: number) =>
      (await store.read.effects.issueTextsOfFleet('f-1', limit)).map(({ id }) => id);
    expect(await listed(10)).toEqual(['e-5', 'e-2', 'e-1']);
    expect(await listed(2)).toEqual(['e-5', 'e-2']);
  });

  it('keeps sent requests of each installation apart, in order, for the window that limits look back', async () => {
    const { store } = under();
    const day = 24 * 60 * 60_000;
    for (const [installation, at] of [
      [7, 10],
      [7, 20],
      [8, 15],
      [7, 20],
    ] as const) {
      await store.write((tx) => tx.budget.spend(installation, 'e-1', at));
    }
    expect(await store.read.budget.sent(7, 10)).toEqual([10, 20, 20]);
    expect(await store.read.budget.sent(7, 11)).toEqual([20, 20]);
    await store.write((tx) => tx.budget.spend(7, 'e-2', day + 15));
    expect(await store.read.budget.sent(7, 0)).toEqual([20, 20, day + 15]);
    expect(await store.read.budget.sent(8, 0)).toEqual([15]);
  });

  it('stays closed until the latest time that an answer said', async () => {
    const { store } = under();
    expect(await store.read.budget.closedUntil(7)).toBe(0);
    await store.write((tx) => tx.budget.close(7, 500));
    await store.write((tx) => tx.budget.close(7, 300));
    expect(await store.read.budget.closedUntil(7)).toBe(500);
    await store.write((tx) => tx.budget.close(7, 900));
    expect(await store.read.budget.closedUntil(7)).toBe(900);
    expect(await store.read.budget.closedUntil(8)).toBe(0);
  });

  it('offers no effect of a closed installation', async () => {
    const { store } = under();
    await intend(store, 'e-1');
    await intend(store, 'e-2', { installationId: 8 });
    await store.write((tx) => tx.budget.close(7, 500));
    expect((await store.read.effects.due(499, 10)).map(({ id }) => id)).toEqual(['e-2']);
    expect((await store.read.effects.due(500, 10)).map(({ id }) => id)).toEqual(['e-1', 'e-2']);
    expect(await store.read.budget.nextOpening(499)).toBe(500);
    expect(await store.read.budget.nextOpening(500)).toBeUndefined();
  });

  const places = async (store: Store) =>
    (await store.read.budget.places(7)).map(({ effectId, at }) => [effectId, at] as const);
  const placed = (effectId: string, at: number) => ({ effectId, at, ofTask: false });

  it('keeps one place for each effect, also over a restart, until it is sent or settled', async () => {
    const { store, reopen } = under();
    await insertReady(store, 'f-1', 1);
    for (const id of ['e-1', 'e-2', 'e-3']) await intend(store, id);
    await intend(store, 'e-task', { taskId: 't-1' });
    const all = [
      placed('e-1', 100),
      placed('e-2', 200),
      placed('e-3', 300),
      { ...placed('e-task', 400), ofTask: true },
    ];
    await store.write((tx) => tx.budget.place(7, all));
    expect(await store.read.budget.places(7)).toEqual(all);
    expect(await store.read.budget.places(8)).toEqual([]);
    expect(await store.read.budget.sent(7, 0)).toEqual([]);

    const again = await reopen();
    await again.write((tx) => tx.budget.place(7, [placed('e-1', 350)]));
    expect(await places(again)).toEqual([
      ['e-2', 200],
      ['e-3', 300],
      ['e-1', 350],
      ['e-task', 400],
    ]);
    expect(await again.read.effects.get('e-1')).toMatchObject({ notBefore: 350 });
    await again.write((tx) => tx.budget.spend(7, 'e-2', 210));
    expect(await again.read.budget.sent(7, 0)).toEqual([210]);
    const lease = await claim(again, 'e-3', 300);
    await again.write((tx) => tx.effects.refused(lease, 'no', 12));
    expect(await places(again)).toEqual([
      ['e-1', 350],
      ['e-task', 400],
    ]);
  });

  it('moves what waits behind the time at which GitHub opens again, in order, and its parked task with it', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const park = async (id: string, effectId: string, at: number) => {
      await intend(store, effectId, { taskId: id });
      const task = await startTask(store, id);
      await store.write(async (tx) => {
        await tx.tasks.enterPublishing(task, 'tree', 2_100);
        await tx.budget.place(7, [{ effectId, at, ofTask: true }]);
        await tx.tasks.requeue(task, 'paced', at, 2_200);
      });
    };
    await park('f-1/1', 'e-1', 10_000);
    await park('f-1/0', 'e-2', 12_000);
    await intend(store, 'e-3');
    await store.write((tx) => tx.budget.place(7, [placed('e-3', 90_000)]));
    await store.write((tx) => tx.budget.close(7, 60_000));
    expect(await places(store)).toEqual([
      ['e-1', 60_000],
      ['e-2', 62_000],
      ['e-3', 140_000],
    ]);
    expect(await store.read.tasks.get('f-1/1')).toMatchObject({ notBefore: 60_000 });
    expect(await store.read.tasks.get('f-1/0')).toMatchObject({ notBefore: 62_000 });
    await store.write((tx) => tx.budget.close(7, 60_000));
    expect((await places(store))[0]).toEqual(['e-1', 60_000]);

    const task = await startTask(store, 'f-1/1', 62_000);
    await store.write((tx) => tx.tasks.end(task, failed, 62_000));
    expect((await places(store)).map(([id]) => id)).toEqual(['e-2', 'e-3']);
  });
}
