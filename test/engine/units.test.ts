import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '../../src/store/contract/lease.ts';
import { aRequest, insertReady } from '../store/fixtures.ts';
import { type Bench, createBench } from './bench.ts';

describe('deliveries, reports, effects and the sweep', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench();
  });
  afterEach(() => bench.remove());

  let comments = 0;
  const commented = () => {
    comments += 1;
    return aRequest({ origin: { issueNumber: 3, commentId: comments } });
  };
  const deliver = (id: string, receivedAt = 9_000) =>
    bench.store.write((tx) => tx.deliveries.insert({ id, request: commented(), receivedAt }));
  const finish = (id: string, fence = 1) =>
    bench.store.write((tx) => tx.deliveries.finish({ id, fence }, 'done', bench.clock.at));
  const called = (kind: string) => bench.calls.filter((call) => call.startsWith(kind));
  const report = (seq: (eventSeq: number) => number) => async (id: string) => {
    const { clock, store } = bench;
    const row = await store.write((tx) => tx.fleets.claimReport(id, clock.at, clock.at + 60_000));
    if (row === undefined) return;
    await store.write((tx) => tx.fleets.reported(row, { seq: seq(row.eventSeq), at: clock.at, pages: [] }));
  };

  it('hands over every delivery, oldest first, and what follows from it runs in the same tick', async () => {
    await deliver('d2', 9_002);
    await deliver('d1', 9_001);
    const engine = bench.engine({
      handle: {
        async delivery(row) {
          if (row.id === 'd1') await insertReady(bench.store, 'f-1', 2);
          if (row.id === 'd2') await bench.store.write((tx) => tx.deliveries.finish(row, 'refused', 10_000));
        },
      },
    });
    await engine.tick();
    expect(called('delivery')).toEqual(['delivery d1', 'delivery d2']);
    expect(called('task')).toEqual(['task f-1/0', 'task f-1/1']);
    expect(await bench.store.read.deliveries.get('d1')).toMatchObject({ state: 'done', answer: 'done' });
    expect(await bench.store.read.deliveries.get('d2')).toMatchObject({ state: 'done', answer: 'refused' });
  });

  it('tries a delivery three times, then finishes it as internal', async () => {
    await deliver('d1');
    const engine = bench.engine({ handle: { delivery: () => Promise.reject(new Error('a bug')) } });
    await engine.tick();
    expect(called('delivery')).toHaveLength(1);
    for (const later of [5_000, 30_000, 600_000]) {
      bench.clock.at += later;
      await engine.tick();
    }
    expect(called('delivery')).toHaveLength(3);
    expect(await bench.store.read.deliveries.get('d1')).toMatchObject({ state: 'done', answer: 'internal' });
  });

  it('is content with a delivery that waits, and hands it over again at its time', async () => {
    await deliver('d1');
    const engine = bench.engine({
      handle: {
        async delivery(row) {
          if (row.fence < 6) await bench.store.write((tx) => tx.deliveries.postpone(row, bench.clock.at + 60_000));
        },
      },
    });
    for (let times = 1; times <= 6; times += 1) {
      await engine.tick();
      await engine.tick();
      expect(called('delivery')).toHaveLength(times);
      bench.clock.at += 60_000;
    }
    expect(await bench.store.read.deliveries.get('d1')).toMatchObject({ state: 'done', answer: 'done', failures: 0 });
    expect(bench.errors).toEqual([]);
  });

  it('works on what was said on one issue one after another', async () => {
    await deliver('d1', 9_001);
    await deliver('d2', 9_002);
    const held = Promise.withResolvers<void>();
    const engine = bench.engine({
      handle: { delivery: (row) => (row.id === 'd1' ? held.promise : Promise.resolve()) },
    });
    const ticking = engine.tick();
    await expect.poll(() => called('delivery')).toEqual(['delivery d1']);
    await deliver('d3', 9_003);
    expect(engine.running().deliveries).toEqual(['d1']);
    await finish('d1');
    await expect.poll(() => called('delivery')).toEqual(['delivery d1', 'delivery d2', 'delivery d3']);
    held.resolve();
    await ticking;
  });

  it('takes up a delivery that an earlier process had begun', async () => {
    await deliver('d1');
    await bench.store.write((tx) => tx.deliveries.claim(9_500, 90_000, 1));
    await bench.engine().tick();
    expect(called('delivery')).toEqual(['delivery d1']);
  });

  it('writes a report when it is due and events are ahead of it', async () => {
    await insertReady(bench.store, 'f-1', 1, { expiresAt: NEVER_EXPIRES });
    const engine = bench.engine({
      reportDue: (fleet) => (fleet.reportedAt === null ? 10_500 : fleet.reportedAt + 5_000),
      handle: { report: report((seq) => seq) },
    });
    await engine.tick();
    expect(called('report')).toEqual([]);
    bench.clock.at = 10_500;
    await engine.tick();
    expect(called('report')).toEqual(['report f-1']);
    bench.clock.at = 60_000;
    await engine.tick();
    expect(called('report')).toHaveLength(1);
    await bench.store.write((tx) => tx.fleets.supersede('f-1', 'f-2', 60_000));
    await engine.tick();
    expect(called('report')).toHaveLength(2);
  });

  it('lets a report that got nowhere rest a second', async () => {
    await insertReady(bench.store, 'f-1', 1, { expiresAt: NEVER_EXPIRES });
    const engine = bench.engine({
      reportDue: () => 0,
      handle: { report: () => Promise.reject(new Error('GitHub is down')) },
    });
    await engine.tick();
    await engine.tick();
    expect(called('report')).toHaveLength(1);
    bench.clock.at += 1_000;
    await engine.tick();
    expect(called('report')).toHaveLength(2);
    expect(bench.errors).toEqual(['a unit failed', 'a unit failed']);
  });

  it('hands over effects that are due, and again when their time comes', async () => {
    const intend = (id: string) =>
      bench.store.write((tx) =>
        tx.effects.intend({
          id,
          key: id,
          installationId: 7,
          fleetId: null,
          taskId: null,
          request: { kind: 'reaction', repository: 'acme/platform', commentId: 1, reaction: 'eyes' },
          intendedAt: 9_000,
        }),
      );
    for (let index = 0; index < 12; index += 1) await intend(`e-${index}`);
    const engine = bench.engine({
      handle: {
        async effect(id) {
          const lease = await bench.store.write((tx) => tx.effects.claim(id, bench.clock.at, bench.clock.at + 1_000));
          if (lease === undefined) return;
          await settle(lease);
        },
      },
    });
    const settle = (lease: Lease) =>
      bench.store.write(async (tx) => {
        await tx.effects.sent(lease, bench.clock.at);
        if (lease.id === 'e-3' && lease.fence === 1) await tx.effects.postpone(lease, '429', 30_000);
        else await tx.effects.done(lease, { id: null, number: null, url: null }, 1);
      });
    await engine.tick();
    expect(called('effect')).toHaveLength(12);
    expect((await bench.store.read.effects.due(99_000, 20)).map(({ id }) => id)).toEqual(['e-3']);
    bench.clock.at = 30_000;
    await engine.tick();
    expect(called('effect')).toHaveLength(13);
    expect(await bench.store.read.effects.due(99_000, 20)).toEqual([]);
  });

  it('hands over no effect of an installation that GitHub closed, until it opens', async () => {
    await bench.store.write(async (tx) => {
      await tx.effects.intend({
        id: 'e-1',
        key: 'e-1',
        installationId: 7,
        fleetId: null,
        taskId: null,
        request: { kind: 'reaction', repository: 'acme/platform', commentId: 1, reaction: 'eyes' },
        intendedAt: 9_000,
      });
      await tx.budget.close(7, 20_000);
    });
    const engine = bench.engine();
    await engine.tick();
    expect(called('effect')).toEqual([]);
    bench.clock.at = 20_000;
    await engine.tick();
    expect(called('effect')).toEqual(['effect e-1']);
  });

  it('sweeps at the start and then once a minute', async () => {
    const engine = bench.engine();
    await engine.tick();
    await engine.tick();
    expect(called('sweep')).toHaveLength(1);
    bench.clock.at += 60_000;
    await engine.tick();
    expect(called('sweep')).toHaveLength(2);
  });

  it('looks for missed deliveries at the start and then every five minutes, once at a time; a drain ends the look', async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    let held = false;
    const engine = bench.engine({
      handle: {
        async missed(signal) {
          if (!held) return;
          signal.addEventListener('abort', () => ended.resolve());
          begun.resolve();
          await ended.promise;
        },
      },
    });
    await engine.tick();
    bench.clock.at += 5 * 60_000 - 1;
    await engine.tick();
    expect(called('missed')).toHaveLength(1);
    bench.clock.at += 1;
    held = true;
    const looking = engine.tick();
    await begun.promise;
    await engine.drain(0);
    await looking;
    expect(called('missed')).toHaveLength(2);
  });
});

const NEVER_EXPIRES = 9_000_000_000_000;
