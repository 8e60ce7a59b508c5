import { expect, it } from 'vitest';
import { FenceLost } from '../../../src/store/contract/lease.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import { aRequest, hubot, mona } from '../fixtures.ts';

export function deliveriesContract(under: () => StoreUnderTest): void {
  let comments = 0;
  const requestOn = (issueNumber: number) => {
    comments += 1;
    return aRequest({ origin: { issueNumber, commentId: comments } });
  };
  /** Each a comment of its own, on an issue of its own unless one is named. */
  const insert = (store: Store, id: string, receivedAt: number, issueNumber = receivedAt) =>
    store.write((tx) => tx.deliveries.insert({ id, request: requestOn(issueNumber), receivedAt }));
  const claim = (store: Store, now: number, limit = 10) =>
    store.write((tx) => tx.deliveries.claim(now, now + 100, limit));
  const claimOne = async (store: Store, now: number) => {
    const [row] = await claim(store, now, 1);
    if (row === undefined) throw new Error('nothing to claim');
    return row;
  };

  it('keeps the first of two deliveries with one id', async () => {
    const { store } = under();
    expect(await insert(store, 'd1', 10)).toBe(true);
    expect(await insert(store, 'd1', 20)).toBe(false);
    expect(await store.read.deliveries.get('d1')).toMatchObject({
      request: { origin: { issueNumber: 10 } },
      state: 'queued',
      receivedAt: 10,
      fence: 0,
      failures: 0,
    });
  });

  it('keeps the first of two deliveries of one comment, whatever they are called', async () => {
    const { store } = under();
    const deliver = (id: string, commentId: number, installationId = 7) => {
      const request = aRequest({ installationId, origin: { issueNumber: 3, commentId } });
      return store.write((tx) => tx.deliveries.insert({ id, request, receivedAt: 10 }));
    };
    expect(await deliver('d1', 33)).toBe(true);
    expect(await deliver('d2', 33)).toBe(false);
    expect(await deliver('d3', 34)).toBe(true);
    expect(await deliver('d4', 33, 8), 'an installation on another account').toBe(true);
    const claimed = await claim(store, 100);
    const first = claimed.find(({ id }) => id === 'd1');
    if (first === undefined) throw new Error('d1 is not claimed');
    await store.write((tx) => tx.deliveries.finish(first, 'f-1', 110));
    expect(await deliver('d5', 33), 'after it is finished').toBe(false);
    expect(await store.read.deliveries.get('d5')).toBeUndefined();
  });

  it('counts the unfinished edits of an issue by a sender, and works on them in the order of what was said there', async () => {
    const { store } = under();
    const at = { repositoryId: 100, issueNumber: 5 };
    const count = (senderId: number, where = at) =>
      store.write((tx) => tx.deliveries.unfinishedEditsOf(senderId, where));
    const edit = { fleet: 'f-1', issueNumber: 5, change: { kind: 'text' as const }, before: '' };
    const request = aRequest({ door: 'edit', origin: null, edit });
    for (const [id, receivedAt] of [
      ['e1', 10],
      ['e2', 20],
    ] as const) {
      await store.write((tx) => tx.deliveries.insert({ id, request, receivedAt }));
    }
    await insert(store, 'comment', 15, 5);
    expect(await count(mona.id)).toBe(2);
    expect([await count(hubot.id), await count(mona.id, { ...at, issueNumber: 6 })]).toEqual([0, 0]);

    const order: string[] = [];
    for (const now of [100, 101, 102]) {
      const row = await claimOne(store, now);
      order.push(row.id);
      await store.write((tx) => tx.deliveries.finish(row, 'done', now));
    }
    expect(order).toEqual(['e1', 'comment', 'e2']);
    expect(await count(mona.id)).toBe(0);
    expect(await store.read.deliveries.get('e1')).toMatchObject({ request: { edit } });
  });

  it('counts the unfinished comments of a sender, running ones too, without dispatches', async () => {
    const { store } = under();
    const count = (senderId: number) => store.write((tx) => tx.deliveries.unfinishedCommentsOf(senderId));
    await insert(store, 'd1', 10);
    await insert(store, 'd2', 20);
    const dispatch = { id: 'ci', request: aRequest({ origin: null }), receivedAt: 30 };
    await store.write((tx) => tx.deliveries.insert(dispatch));
    expect(await count(mona.id)).toBe(2);
    expect(await count(hubot.id)).toBe(0);
    const first = await claimOne(store, 100);
    expect(await count(mona.id)).toBe(2);
    await store.write((tx) => tx.deliveries.finish(first, 'x', 110));
    expect(await count(mona.id)).toBe(1);
  });

  it('claims the oldest first, each once, with a growing fence', async () => {
    const { store } = under();
    await insert(store, 'late', 30);
    await insert(store, 'early', 10);
    await insert(store, 'middle', 20);
    expect((await claim(store, 100, 2)).map(({ id, fence }) => [id, fence])).toEqual([
      ['early', 1],
      ['middle', 1],
    ]);
    expect((await claim(store, 100)).map(({ id }) => id)).toEqual(['late']);
    expect(await claim(store, 100)).toEqual([]);
  });

  it('claims one again whose lease ended, and then refuses its first worker', async () => {
    const { store } = under();
    await insert(store, 'd1', 10);
    const first = await claimOne(store, 100);
    await store.write((tx) => tx.deliveries.extend(first, 300));
    expect(await claim(store, 250)).toEqual([]);
    const second = await claimOne(store, 301);
    expect(second.fence).toBe(2);
    const late = store.write((tx) => tx.deliveries.finish(first, 'f-1', 310));
    await expect(late).rejects.toThrow(FenceLost);
    await store.write((tx) => tx.deliveries.finish(second, 'f-1', 320));
    expect(await store.read.deliveries.get('d1')).toMatchObject({ state: 'done', answer: 'f-1', finishedAt: 320 });
    await expect(store.write((tx) => tx.deliveries.extend(second, 500))).rejects.toThrow(FenceLost);
  });

  it('counts a failed try and waits before the next', async () => {
    const { store } = under();
    await insert(store, 'd1', 10);
    const first = await claimOne(store, 100);
    await store.write((tx) => tx.deliveries.release(first, 500));
    expect(await claim(store, 499)).toEqual([]);
    expect(await claimOne(store, 500)).toMatchObject({ failures: 1, fence: 2 });
  });

  it('lets one wait without counting a failure', async () => {
    const { store } = under();
    await insert(store, 'd1', 10);
    const first = await claimOne(store, 100);
    await store.write((tx) => tx.deliveries.postpone(first, 500));
    expect(await claim(store, 499)).toEqual([]);
    expect(await claimOne(store, 500)).toMatchObject({ failures: 0, fence: 2 });
    await expect(store.write((tx) => tx.deliveries.postpone(first, 900))).rejects.toThrow(FenceLost);
  });

  it('claims those of one issue one after another, in order of arrival, and others beside them', async () => {
    const { store } = under();
    await insert(store, 'z-submit', 10, 3);
    await insert(store, 'a-cancel', 10, 3);
    await insert(store, 'other', 20, 4);
    const dispatch = (id: string) => ({ id, request: aRequest({ origin: null }), receivedAt: 30 });
    await store.write((tx) => tx.deliveries.insert(dispatch('ci-1')));
    await store.write((tx) => tx.deliveries.insert(dispatch('ci-2')));
    const [submit, ...others] = await claim(store, 100);
    expect(submit?.id).toBe('z-submit');
    expect(others.map(({ id }) => id)).toEqual(['other', 'ci-1', 'ci-2']);
    if (submit === undefined) throw new Error('nothing to claim');
    expect(await claim(store, 150)).toEqual([]);
    await store.write((tx) => tx.deliveries.postpone(submit, 500));
    expect(await claim(store, 160)).toEqual([]);
    const again = await claimOne(store, 500);
    expect(again.id).toBe('z-submit');
    await store.write((tx) => tx.deliveries.finish(again, 'f-1', 510));
    expect((await claim(store, 520, 1)).map(({ id }) => id)).toEqual(['a-cancel']);
  });

  it('forgets those that were finished long enough ago, and no other', async () => {
    const { store } = under();
    for (const [index, id] of ['early', 'late', 'runs'].entries()) await insert(store, id, 10 + index, index);
    const [early, late] = await claim(store, 100);
    if (early === undefined || late === undefined) throw new Error('nothing to claim');
    await store.write((tx) => tx.deliveries.finish(early, 'f-1', 200));
    await store.write((tx) => tx.deliveries.finish(late, 'f-1', 201));
    expect(await store.write((tx) => tx.deliveries.forgetFinished(200))).toBe(1);
    const left = await Promise.all(['early', 'late', 'runs'].map((id) => store.read.deliveries.get(id)));
    expect(left.map((row) => row?.id)).toEqual([undefined, 'late', 'runs']);
  });

  it('queues running ones again when leases are orphaned, without counting a failure', async () => {
    const { store } = under();
    await insert(store, 'd1', 10);
    const first = await claimOne(store, 100);
    await store.write((tx) => tx.orphanLeases());
    await expect(store.write((tx) => tx.deliveries.finish(first, 'x', 110))).rejects.toThrow(FenceLost);
    expect(await claimOne(store, 101)).toMatchObject({ id: 'd1', failures: 0 });
  });
}
