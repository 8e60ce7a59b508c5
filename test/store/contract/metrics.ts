import { expect, it } from 'vitest';
import type { StoreUnderTest } from '../contract.ts';
import { aRequest, completed, insertFleet, insertReady, mona, startTask } from '../fixtures.ts';

export function metricsContract(under: () => StoreUnderTest): void {
  it('groups the tasks of fleets that have not ended, and of those alone', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 3);
    await insertReady(store, 'f-2', 1);
    const done = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.tasks.end(done, completed, 3_000));
    const waits = await startTask(store, 'f-1/1');
    await store.write((tx) => tx.tasks.requeue(waits, 'waits', 9_000, 3_000));
    const other = await startTask(store, 'f-2/0');
    await store.write((tx) => tx.tasks.end(other, completed, 3_000));
    const [live, ...others] = await store.read.metrics.live();
    expect(others).toEqual([]);
    expect(live).toMatchObject({ id: 'f-1', workflow: 'bump', createdAt: 1_000, approvedAt: 1_000, wave: 0 });
    const of = { wave: 0, publishing: false };
    expect(live?.groups).toHaveLength(2);
    expect(live?.groups).toContainEqual({ ...of, status: 'queued', outcome: null, count: 2, notBefore: 0 });
    expect(live?.groups).toContainEqual({ ...of, status: 'completed', outcome: 'changed', count: 1, notBefore: 0 });
    expect(await store.read.metrics.taskTimes(['f-1/1', 'f-9/9'])).toEqual([
      { id: 'f-1/1', startedAt: 2_000, endedAt: null, notBefore: 9_000 },
    ]);
    expect(await store.read.metrics.fleetTimes(['f-2', 'f-9'])).toEqual([
      { id: 'f-2', workflow: 'bump', createdAt: 1_000, approvedAt: 1_000, turnedAt: null },
    ]);
  });

  it('tells what was recorded in all fleets in one order, from a cursor on, also after a restart', async () => {
    const { store } = under();
    const { metrics } = store.read;
    const start = await metrics.logEnd();
    await insertReady(store, 'f-1', 1);
    await insertReady(store, 'f-2', 1);
    await startTask(store, 'f-1/0');
    await store.write((tx) => tx.fleets.pause('f-2', mona, 3_000));
    const types = ['fleet_planned', 'fleet_paused'] as const;
    const first = await metrics.recorded(start, types, 3);
    expect(first.events.map(({ fleetId, event }) => [fleetId, event.type])).toEqual([
      ['f-1', 'fleet_planned'],
      ['f-2', 'fleet_planned'],
    ]);
    const again = (await under().reopen()).read.metrics;
    const second = await again.recorded(first.cursor, types, 3);
    expect(second.events).toMatchObject([{ fleetId: 'f-2', at: 3_000, event: { type: 'fleet_paused', by: 'mona' } }]);
    expect(second.cursor).toBe(await again.logEnd());
    expect(await again.recorded(second.cursor, types, 3)).toEqual({ cursor: second.cursor, events: [] });
  });

  it('tells what waits: deliveries, reports, effects and a full disk', async () => {
    const { store } = under();
    const { metrics } = store.read;
    expect(await metrics.queues()).toEqual({
      deliveries: { count: 0, oldestAt: null },
      reports: { count: 0, oldestAt: null },
      effects: [],
      diskFullSince: null,
    });
    await insertFleet(store, 'f-1', 1, { createdAt: 4_000 });
    await store.write(async (tx) => {
      for (const [id, receivedAt] of [['d-1', 7_000] as const, ['d-2', 6_000] as const]) {
        const request = aRequest({ origin: { issueNumber: 3, commentId: receivedAt } });
        await tx.deliveries.insert({ id, request, receivedAt });
      }
      const [claimed] = await tx.deliveries.claim(8_000, 9_000, 1);
      if (claimed !== undefined) await tx.deliveries.finish(claimed, 'help', 8_000);
      await tx.disk.setFull(true, 5_000);
    });
    expect(await metrics.queues()).toEqual({
      deliveries: { count: 1, oldestAt: 7_000 },
      reports: { count: 1, oldestAt: 4_000 },
      effects: [],
      diskFullSince: 5_000,
    });
  });

  it('tells the budget of each installation that uses any', async () => {
    const { store } = under();
    const MINUTE = 60_000;
    const now = 90 * MINUTE;
    await store.write(async (tx) => {
      for (const at of [5 * MINUTE, 40 * MINUTE, now - 1]) await tx.budget.spend(8, `e-${at}`, at);
      await tx.budget.close(9, now + 1);
      await tx.budget.close(7, now);
    });
    expect(await store.read.metrics.budgets(now, 10)).toEqual([
      { installationId: 8, sentInMinute: 1, sentInHour: 2, waiting: 0, closedUntil: 0 },
      { installationId: 9, sentInMinute: 0, sentInHour: 0, waiting: 0, closedUntil: now + 1 },
    ]);
    expect(await store.read.metrics.budgets(now, 1)).toHaveLength(1);
  });
}
