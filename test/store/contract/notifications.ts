import { expect, it } from 'vitest';
import { FenceLost } from '../../../src/store/contract/lease.ts';
import type { NewNotification } from '../../../src/store/contract/notifications.ts';
import type { StoreUnderTest } from '../contract.ts';
import { eventTypes, insertFleet } from '../fixtures.ts';

const moment = (id: string, eventSeq: number, change: Partial<NewNotification> = {}): NewNotification => ({
  id,
  eventSeq,
  kind: 'waiting',
  mention: null,
  body: `{"id":"${id}"}`,
  ...change,
});

export function notificationsContract(under: () => StoreUnderTest): void {
  it('has one row a moment, however often it is noted, and keeps up to where it looked', async () => {
    const { store } = under();
    await insertFleet(store, 'f-1', 1);
    await insertFleet(store, 'f-2', 1);
    const note = (fleet: string, mark: number, ...moments: NewNotification[]) =>
      store.write((tx) => tx.notifications.note(fleet, mark, moments, 3_000));
    expect(await store.read.notifications.markOf('f-1')).toBe(0);
    await note('f-1', 2, moment('n-1', 2), moment('n-2', 1, { mention: '@mona', body: null }));
    await note('f-1', 5, moment('n-3', 2), moment('n-4', 5, { kind: 'ended' }));
    await note('f-2', 1, moment('n-5', 1));
    expect((await store.read.notifications.ofFleet('f-1')).map(({ id, state }) => [id, state])).toEqual([
      ['n-2', 'unsent'],
      ['n-1', 'due'],
      ['n-4', 'due'],
    ]);
    expect(await store.read.notifications.markOf('f-1')).toBe(5);
    expect((await store.read.notifications.due(3_000, 9)).map(({ id }) => id)).toEqual(['n-1', 'n-4', 'n-5']);
    expect(await store.read.notifications.due(2_999, 9)).toEqual([]);
  });

  it('is claimed once, freed for later, and its end is recorded under its fence alone', async () => {
    const { store } = under();
    await insertFleet(store, 'f-1', 1);
    await store.write((tx) => tx.notifications.note('f-1', 1, [moment('n-1', 1)], 3_000));
    const claim = (now: number) => store.write((tx) => tx.notifications.claim('n-1', now, now + 1_000));
    const first = await claim(3_000);
    if (first === undefined) throw new Error('not claimed');
    expect(await claim(3_000)).toBeUndefined();
    await store.write((tx) => tx.notifications.release(first, { notBefore: 9_000, tries: 1 }));
    expect(await claim(8_999)).toBeUndefined();
    const second = await claim(9_000);
    if (second === undefined) throw new Error('not claimed again');
    expect(second).toMatchObject({ tries: 1, fence: first.fence + 1 });
    await expect(store.write((tx) => tx.notifications.delivered(first))).rejects.toThrow(FenceLost);
    await store.write((tx) => tx.notifications.giveUp(second, 9_500));
    await expect(store.write((tx) => tx.notifications.giveUp(second, 9_500))).rejects.toThrow(FenceLost);
    expect(await claim(90_000)).toBeUndefined();
    expect(await eventTypes(store, 'f-1')).toEqual(['fleet_planned', 'notification_given_up']);
  });

  it('that a process left is due again after a restart, and the process is fenced out', async () => {
    const { store } = under();
    await insertFleet(store, 'f-1', 1);
    await store.write((tx) => tx.notifications.note('f-1', 1, [moment('n-1', 1)], 3_000));
    const held = await store.write((tx) => tx.notifications.claim('n-1', 3_000, 99_000));
    if (held === undefined) throw new Error('not claimed');
    const again = await under().reopen();
    await again.write((tx) => tx.orphanLeases());
    expect((await again.read.notifications.due(3_000, 9)).map(({ id }) => id)).toEqual(['n-1']);
    await expect(again.write((tx) => tx.notifications.delivered(held))).rejects.toThrow(FenceLost);
  });
}
