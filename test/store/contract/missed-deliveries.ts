import { expect, it } from 'vitest';
import type { MissedDelivery } from '../../../src/store/contract/missed-deliveries.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import { aRequest } from '../fixtures.ts';

export function missedDeliveriesContract(under: () => StoreUnderTest): void {
  const mark = { newest: 500, seenAt: 600, settled: true };
  const missed = (guid: string, firstAt: number, attemptId = '1'): MissedDelivery => ({
    guid,
    attemptId,
    event: 'issue_comment',
    firstAt,
  });
  const found = (store: Store, list: MissedDelivery[], arrived: string[] = [], forgetBefore = 0) =>
    store.write((tx) => tx.missed.found({ missed: list, arrived: new Set(arrived), mark, forgetBefore }));
  const due = async (store: Store, now: number) => (await store.read.missed.due(now)).map(({ guid }) => guid);

  it('lists what is due, oldest first, and of one moment in order of the attempts', async () => {
    const { store } = under();
    expect(await store.read.missed.look()).toEqual({ mark: { newest: null, seenAt: 0, settled: false }, notBefore: 0 });
    await found(store, [missed('c', 20, '10'), missed('b', 20, '9'), missed('a', 10, '11')]);
    expect(await due(store, 100)).toEqual(['a', 'b', 'c']);
    expect(await store.read.missed.look()).toEqual({ mark, notBefore: 0 });
  });

  it('counts how often one was asked for, over a restart, and keeps its newest attempt', async () => {
    const { store, reopen } = under();
    await found(store, [missed('a', 10, '1')]);
    await store.write((tx) => tx.missed.asked('a', 2, 900));
    await store.write((tx) => tx.missed.holdUntil(700));
    await found(store, [missed('a', 30, '5')]);
    const again = await reopen();
    expect(await again.read.missed.due(899)).toEqual([]);
    expect(await again.read.missed.due(900)).toEqual([{ ...missed('a', 10, '5'), asked: 2 }]);
    expect(await again.read.missed.look()).toEqual({ mark, notBefore: 700 });
  });

  it('lets go what arrived, what is stored, and what was given up, for good', async () => {
    const { store } = under();
    const all = ['arrived', 'stored', 'given up', 'open'].map((guid) => missed(guid, 10));
    await found(store, all);
    await store.write((tx) => tx.deliveries.insert({ id: 'stored', request: aRequest(), receivedAt: 20 }));
    await store.write((tx) => tx.missed.giveUp('given up'));
    await found(store, [], ['arrived', 'unheard of']);
    expect(await due(store, 100)).toEqual(['open']);
    await found(store, all);
    expect(await due(store, 100)).toEqual(['open']);
  });

  it('forgets what is old', async () => {
    const { store } = under();
    await found(store, [missed('old', 10), missed('new', 11)]);
    await found(store, [], [], 11);
    expect(await store.read.missed.firstAt('old')).toBeUndefined();
    expect(await store.read.missed.firstAt('new')).toBe(11);
  });
}
