import { expect, it } from 'vitest';
import type { StoreUnderTest } from '../contract.ts';
import { insertReady, mona } from '../fixtures.ts';

export function eventsContract(under: () => StoreUnderTest): void {
  it.each([
    ["update events set body = '{}'"],
    ["update events set at = 1 where fleet_id = 'f-1' and seq = 2"],
    ['delete from events'],
    ["delete from events where fleet_id = 'f-1' and seq = 1"],
  ])('stay as they were, whoever says: %s', async (statement) => {
    const { store, execute } = under();
    await insertReady(store, 'f-1', 1);
    await store.write((tx) => tx.fleets.pause('f-1', mona, 2_000));
    const before = await store.read.events.ofFleet('f-1');
    expect(before.length).toBeGreaterThan(1);
    await expect(execute(statement)).rejects.toThrow('events are only ever added');
    expect(await store.read.events.ofFleet('f-1')).toEqual(before);
    await store.write((tx) => tx.fleets.resume('f-1', mona, 3_000));
    expect(await store.read.events.ofFleet('f-1')).toHaveLength(before.length + 1);
  });
}
