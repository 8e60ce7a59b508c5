import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Tx } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import { aRequest, eventTypes, insertFleet } from '../fixtures.ts';

export function writingContract(under: () => StoreUnderTest): void {
  const insert = (tx: Tx, id: string) =>
    tx.deliveries.insert({ id, request: aRequest({ origin: null }), receivedAt: 1 });

  it('rolls everything back when the work throws', async () => {
    const { store } = under();
    const work = store.write(async (tx) => {
      await insert(tx, 'd1');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await store.read.deliveries.get('d1')).toBeUndefined();
    expect(await store.write((tx) => insert(tx, 'd1'))).toBe(true);
  });

  it('rolls back and says why when something other than the tx is awaited', async () => {
    const { store } = under();
    let late: Promise<unknown> = Promise.resolve();
    const work = store.write(async (tx) => {
      await insert(tx, 'd1');
      late = delay(5).then(() => insert(tx, 'd2'));
      await late;
    });
    await expect(work).rejects.toThrow(/Something other than its tx was awaited/);
    await expect(late).rejects.toThrow(/outside its write/);
    expect(await store.read.deliveries.get('d1')).toBeUndefined();
    expect(await store.read.deliveries.get('d2')).toBeUndefined();
  });

  it('goes on with the next write after one that waited for something foreign', async () => {
    const { store } = under();
    const bad = store.write(() => delay(5));
    const good = store.write((tx) => insert(tx, 'd1'));
    await expect(bad).rejects.toThrow(/other than its tx/);
    expect(await good).toBe(true);
  });

  it('lets a long transaction finish that awaits nothing else', async () => {
    const { store } = under();
    await store.write(async (tx) => {
      for (let index = 0; index < 500; index += 1) await insert(tx, `d${index}`);
    });
    expect(await store.read.deliveries.get('d499')).toBeDefined();
  });

  it('refuses a write inside a write and reads of committed state inside one', async () => {
    const { store } = under();
    const nested = store.write(async () => await store.write((tx) => insert(tx, 'd1')));
    await expect(nested).rejects.toThrow(/write\(\) inside write\(\)/);
    const reading = store.write(async () => await store.read.deliveries.get('d1'));
    await expect(reading).rejects.toThrow(/store.read was used inside write/);
  });

  it('refuses a tx that outlived its transaction', async () => {
    const { store } = under();
    const kept = await store.write(async (tx) => ({ tx }));
    await expect(kept.tx.deliveries.get('d1')).rejects.toThrow(/outside its write/);
    const other = store.write(async (tx) => {
      await insert(tx, 'd1');
    });
    await expect(kept.tx.deliveries.get('d1')).rejects.toThrow(/outside its write/);
    await other;
  });

  it('runs writes one after another, each whole', async () => {
    const { store } = under();
    const order: string[] = [];
    const write = (name: string) =>
      store.write(async (tx) => {
        order.push(`${name} begins`);
        await insert(tx, name);
        await insert(tx, `${name} again`);
        order.push(`${name} ends`);
      });
    await Promise.all([write('a'), write('b'), write('c')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('tells listeners about a commit that changed something, and only then', async () => {
    const { store } = under();
    let commits = 0;
    store.onCommit(() => {
      commits += 1;
      throw new Error('a listener that fails does not fail the write');
    });
    await store.write((tx) => insert(tx, 'd1'));
    expect(commits).toBe(1);
    await store.write((tx) => insert(tx, 'd1'));
    await store.write((tx) => tx.deliveries.get('d1'));
    await store
      .write(async (tx) => {
        await insert(tx, 'd2');
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(commits).toBe(1);
  });

  it('reads what is committed and not what is being written', async () => {
    const { store } = under();
    const writing = store.write((tx) => insert(tx, 'd1'));
    expect(await store.read.deliveries.get('d1')).toBeUndefined();
    await writing;
    expect(await store.read.deliveries.get('d1')).toBeDefined();
  });

  it('counts events of a fleet from 1 without a gap, also over a rollback', async () => {
    const { store } = under();
    await insertFleet(store, 'f-1', 1);
    await insertFleet(store, 'f-2', 1);
    const append = (fleet: string) =>
      store.write((tx) => tx.events.append(fleet, 5, { type: 'fleet_superseded', v: 1, by: 'f-9' }));
    expect(await append('f-1')).toBe(2);
    expect(await append('f-2')).toBe(2);
    await store
      .write(async (tx) => {
        await tx.events.append('f-1', 5, { type: 'fleet_expired', v: 1 });
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await append('f-1')).toBe(3);
    expect(await eventTypes(store, 'f-1')).toEqual(['fleet_planned', 'fleet_superseded', 'fleet_superseded']);
    expect((await store.read.events.ofFleet('f-1', 2)).map(({ seq }) => seq)).toEqual([3]);
    await expect(append('f-none')).rejects.toThrow('no fleet f-none');
  });

  it('has everything after it was opened again', async () => {
    const first = under();
    await insertFleet(first.store, 'f-1', 2);
    const before = await first.store.read.fleets.get('f-1');
    const store = await first.reopen();
    expect(await store.read.fleets.get('f-1')).toEqual(before);
    expect((await store.read.tasks.ofFleet('f-1')).map(({ id }) => id)).toEqual(['f-1/0', 'f-1/1']);
  });
}
