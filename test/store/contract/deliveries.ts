import { expect, it } from 'vitest';
import { FenceLost } from '../../../src/store/contract/lease.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import { aRequest } from '../fixtures.ts';

export function deliveriesContract(under: () => StoreUnderTest): void {
  const insert = (store: Store, id: string, receivedAt: number) =>
    store.write((tx) => tx.deliveries.insert({ id, request: aRequest(), receivedAt }));
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
      request: aRequest(),
      state: 'queued',
      receivedAt: 10,
      fence: 0,
      failures: 0,
    });
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

  it('queues running ones again when leases are orphaned, without counting a failure', async () => {
    const { store } = under();
    await insert(store, 'd1', 10);
    const first = await claimOne(store, 100);
    await store.write((tx) => tx.orphanLeases());
    await expect(store.write((tx) => tx.deliveries.finish(first, 'x', 110))).rejects.toThrow(FenceLost);
    expect(await claimOne(store, 101)).toMatchObject({ id: 'd1', failures: 0 });
  });
}
