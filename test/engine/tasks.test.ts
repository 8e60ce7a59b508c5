import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskFailure } from '../../src/core/failures.ts';
import { admit } from '../../src/engine/admit.ts';
import { createUnits } from '../../src/engine/units.ts';
import { StoreFull } from '../../src/store/contract/store-full.ts';
import { DISK_PAUSE_MS, PUBLISHING_PATIENCE_MS } from '../../src/store/contract/tasks.ts';
import {
  aPlan,
  eventTypes,
  hubot,
  insertFleet,
  insertReady,
  mona,
  startTask,
  trackingIssue,
} from '../store/fixtures.ts';
import { type Bench, createBench } from './bench.ts';

describe('running tasks', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench();
  });
  afterEach(() => bench.remove());

  const parallel = (count: number | null) => ({ plan: aPlan({ parallel: count }) });
  const task = (id: string) => bench.held.get(id) ?? expect.fail(`${id} is not held`);
  const status = async (id: string) => (await bench.store.read.tasks.get(id))?.status;

  it('never runs two tasks of a sequential fleet at once, and runs them in plan order', async () => {
    await insertReady(bench.store, 'f-1', 4);
    const ticking = bench.engine({ handle: { task: bench.hold } }).tick();
    for (const id of ['f-1/0', 'f-1/1', 'f-1/2', 'f-1/3']) {
      expect(await bench.holding(1)).toEqual([id]);
      expect((await bench.store.read.tasks.running()).map((row) => row.id)).toEqual([id]);
      await task(id).finish();
    }
    await ticking;
    expect((await bench.store.read.fleets.get('f-1'))?.endedAt).toBe(10_000);
  });

  it('runs all tasks of a parallel fleet really at once, up to the caps', async () => {
    await insertReady(bench.store, 'f-1', 7, parallel(null));
    const ticking = bench.engine({ handle: { task: bench.hold } }).tick();
    expect(await bench.holding(5)).toHaveLength(5);
    await task('f-1/2').finish();
    expect(await bench.holding(5)).toContain('f-1/5');
    await finishAll(ticking);
  });

  async function finishAll(ticking: Promise<void>): Promise<void> {
    let over = false;
    const done = ticking.then(() => {
      over = true;
    });
    while (!over) {
      for (const running of [...bench.held.values()]) await running.finish();
      await Promise.race([done, bench.store.write(() => Promise.resolve())]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('shares the system cap fairly between fleets of two people', async () => {
    await insertReady(bench.store, 'f-1', 50, parallel(null));
    await insertReady(bench.store, 'f-2', 50, { ...parallel(null), runAs: hubot, sender: hubot });
    const ticking = bench.engine({ handle: { task: bench.hold } }).tick();
    const held = await bench.holding(8);
    expect(held.filter((id) => id.startsWith('f-1'))).toHaveLength(4);
    await finishAll(ticking);
    expect(bench.peak()).toBe(8);
    for (const fleet of ['f-1', 'f-2']) {
      const events = (await bench.store.read.events.ofFleet(fleet)).map(({ event }) => event.type);
      let running = 0;
      const counts = events.map((type) => {
        running += type === 'task_started' ? 1 : type === 'task_completed' ? -1 : 0;
        return running;
      });
      expect(events.filter((type) => type === 'task_completed')).toHaveLength(50);
      expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    }
  });

  it("counts a dispatcher's fleet on the person as whom it runs", async () => {
    await insertReady(bench.store, 'f-1', 4, parallel(null));
    await insertReady(bench.store, 'f-2', 4, { ...parallel(null), sender: hubot, runAs: mona });
    const ticking = bench.engine({ handle: { task: bench.hold } }).tick();
    await bench.holding(5);
    expect(await bench.store.read.tasks.running()).toHaveLength(5);
    await finishAll(ticking);
  });

  it('lets a later fleet wait for the branch that an earlier one works on', async () => {
    await insertReady(bench.store, 'f-1', 1, { branch: 'same' });
    await insertReady(bench.store, 'f-2', 1, { branch: 'same' });
    const ticking = bench.engine({ handle: { task: bench.hold } }).tick();
    expect(await bench.holding(1)).toEqual(['f-1/0']);
    await task('f-1/0').finish();
    expect(await bench.holding(1)).toEqual(['f-2/0']);
    await task('f-2/0').finish();
    await ticking;
  });

  it('starts nothing of a plan that waits for approval, and ends it when its time is over', async () => {
    await insertReady(bench.store, 'f-1', 1, { expiresAt: 20_000 });
    const engine = bench.engine();
    await engine.tick();
    expect(await status('f-1/0')).toBe('queued');
    bench.clock.at = 20_000;
    await engine.tick();
    expect(await status('f-1/0')).toBe('cancelled');
    expect(bench.calls).not.toContain('task f-1/0');
  });

  it('waits with a requeued task until its time', async () => {
    await insertReady(bench.store, 'f-1', 1);
    let first = true;
    const engine = bench.engine({
      handle: {
        async task(row, signal, draining) {
          if (!first) return await bench.complete(row, signal, draining);
          first = false;
          await bench.store.write((tx) => tx.tasks.requeue(row, 'not yet', 15_000, bench.clock.at));
        },
      },
    });
    await engine.tick();
    expect(await status('f-1/0')).toBe('queued');
    bench.clock.at = 15_000;
    await engine.tick();
    expect(await status('f-1/0')).toBe('completed');
  });

  it('starts no task of an installation that GitHub closed, until it opens', async () => {
    await insertReady(bench.store, 'f-1', 1);
    await insertReady(bench.store, 'f-2', 1, { installationId: 8 });
    await bench.store.write((tx) => tx.budget.close(7, 15_000));
    const engine = bench.engine();
    await engine.tick();
    expect(await status('f-1/0')).toBe('queued');
    expect(await status('f-2/0')).toBe('completed');
    bench.clock.at = 15_000;
    await engine.tick();
    expect(await status('f-1/0')).toBe('completed');
  });

  it('starts nothing of a fleet before its tracking issue exists, and cancels it all the same', async () => {
    await insertFleet(bench.store, 'f-1', 1);
    await insertFleet(bench.store, 'f-2', 1);
    const engine = bench.engine();
    await engine.tick();
    expect(bench.calls.filter((call) => call.startsWith('task'))).toEqual([]);
    await bench.store.write(async (tx) => {
      await tx.fleets.setTrackingIssue('f-1', trackingIssue);
      await tx.fleets.requestCancel('f-2', bench.clock.at, mona);
      await tx.tasks.cancelFleet('f-2', 'mona cancelled it', bench.clock.at);
    });
    await engine.tick();
    expect([await status('f-1/0'), await status('f-2/0')]).toEqual(['completed', 'cancelled']);
  });

  it('starts no other task of a sequential fleet while one waits in the middle of publishing', async () => {
    await insertReady(bench.store, 'f-1', 2);
    await insertReady(bench.store, 'f-2', 1);
    const engine = bench.engine({
      handle: {
        async task(row, signal, draining) {
          if (row.id !== 'f-1/0' || row.publishingAt !== null) return await bench.complete(row, signal, draining);
          await bench.store.write(async (tx) => {
            await tx.tasks.enterPublishing(row, 'tree', bench.clock.at);
            await tx.tasks.requeue(row, 'paced', 15_000, bench.clock.at);
          });
        },
      },
    });
    await engine.tick();
    const started = () => bench.calls.filter((call) => call.startsWith('task'));
    expect(started()).toEqual(['task f-1/0', 'task f-2/0']);
    bench.clock.at = 15_000;
    await engine.tick();
    expect(started()).toEqual(['task f-1/0', 'task f-2/0', 'task f-1/0', 'task f-1/1']);
  });

  it('gives up a task during which five processes ended, and goes on with the next', async () => {
    await insertReady(bench.store, 'f-1', 2);
    for (let times = 0; times < 5; times += 1) {
      expect(await status('f-1/0')).toBe('queued');
      await startTask(bench.store, 'f-1/0', bench.clock.at);
      await bench.engine({ caps: { system: 0, perUser: 0 } }).tick();
    }
    expect(await bench.store.read.tasks.get('f-1/0')).toMatchObject({ status: 'failed', category: 'too_large' });
    await bench.engine().tick();
    expect(await status('f-1/1')).toBe('completed');
  });

  /** Of one look of admission at five fleets with a task each that runs and so many that wait; milliseconds. */
  async function medianLook(queued: number): Promise<number> {
    const other = await createBench();
    try {
      for (let fleet = 0; fleet < 5; fleet += 1) await insertReady(other.store, `f-${fleet}`, 1 + queued);
      const admission = {
        now: 10_000,
        leaseMs: 60_000,
        caps: { system: 100, perUser: 100 },
        deliveries: 4,
        units: createUnits(() => undefined),
        timed: true,
      };
      const look = () => other.store.write((tx) => admit(tx, admission));
      expect((await look()).tasks).toHaveLength(5);
      const times: number[] = [];
      for (let looks = 0; looks < 25; looks += 1) {
        const before = performance.now();
        expect((await look()).tasks).toEqual([]);
        times.push(performance.now() - before);
      }
      return times.toSorted((a, b) => a - b)[12] ?? 0;
    } finally {
      await other.remove();
    }
  }

  it('spends no time on long queues of fleets that have no slot free', async () => {
    // Reading every queued task took thirty times as long.
    expect((await medianLook(2_000)) / (await medianLook(20))).toBeLessThan(4);
  });

  it('ends a task whose worker throws as internal, and goes on with the next', async () => {
    await insertReady(bench.store, 'f-1', 2);
    const engine = bench.engine({
      handle: {
        async task(row, signal, draining) {
          if (row.position === 0) throw new Error('a bug');
          await bench.complete(row, signal, draining);
        },
      },
    });
    await engine.tick();
    expect(await bench.store.read.tasks.get('f-1/0')).toMatchObject({ status: 'failed', category: 'internal' });
    expect(await status('f-1/1')).toBe('completed');
    expect(bench.errors).toEqual(['a worker failed with an internal error']);
  });

  it('queues a task whose worker met a full disk, and one that has begun to publish, whatever its worker threw', async () => {
    await insertReady(bench.store, 'f-1', 2, parallel(2));
    const engine = bench.engine({
      handle: {
        async task(row) {
          if (row.position === 0) throw new StoreFull('The disk is full');
          await bench.store.write((tx) => tx.tasks.enterPublishing(row, 'tree', bench.clock.at));
          throw new Error('a bug');
        },
      },
    });
    await engine.tick();
    expect(await bench.store.read.tasks.ofFleet('f-1')).toMatchObject([
      { status: 'queued', notBefore: bench.clock.at + DISK_PAUSE_MS },
      { status: 'queued', notBefore: bench.clock.at + 60_000 },
    ]);
    bench.clock.at += PUBLISHING_PATIENCE_MS;
    await engine.tick();
    expect(await status('f-1/1'), 'not for ever').toBe('failed');
  });

  it('fails a task only under the fence for which that was found', async () => {
    await insertReady(bench.store, 'f-1', 1);
    const engine = bench.engine({ handle: { task: bench.hold } });
    const ticking = engine.tick();
    await bench.holding(1);
    const { row, signal, finish } = task('f-1/0');
    const failure = new TaskFailure('too_large', 'Its workspace is too large.');
    engine.failTask({ id: row.id, fence: row.fence - 1 }, failure);
    expect(signal.aborted).toBe(false);
    engine.failTask(row, failure);
    expect(signal.reason).toBe(failure);
    await finish();
    await ticking;
  });

  it('ends a task that its worker left running as internal', async () => {
    await insertReady(bench.store, 'f-1', 1);
    await bench.engine({ handle: { task: () => Promise.resolve() } }).tick();
    expect(await bench.store.read.tasks.get('f-1/0')).toMatchObject({ status: 'failed', category: 'internal' });
  });

  it('aborts a running task when a cancel was requested in the store', async () => {
    await insertReady(bench.store, 'f-1', 2);
    const ticking = bench.engine({ handle: { task: bench.hold } }).tick();
    await bench.holding(1);
    const { signal, leave } = task('f-1/0');
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await bench.store.write(async (tx) => {
      await tx.fleets.requestCancel('f-1', 11_000, mona);
      await tx.tasks.cancelFleet('f-1', 'mona cancelled it', 11_000);
    });
    await aborted;
    expect(signal.reason).toMatchObject({ name: 'TaskStopped', why: 'cancelled' });
    leave();
    await ticking;
    expect((await bench.store.read.tasks.ofFleet('f-1')).map((row) => row.status)).toEqual(['cancelled', 'cancelled']);
    expect((await bench.store.read.events.ofFleet('f-1')).at(-1)?.event).toMatchObject({ status: 'cancelled' });
  });

  it('aborts the task that it is told to cancel', async () => {
    await insertReady(bench.store, 'f-1', 2, parallel(2));
    const engine = bench.engine({ handle: { task: bench.hold } });
    const ticking = engine.tick();
    await bench.holding(2);
    engine.cancelTask('f-1/1');
    expect(task('f-1/0').signal.aborted).toBe(false);
    expect(task('f-1/1').signal.aborted).toBe(true);
    task('f-1/1').fail(new Error('aborted'));
    await task('f-1/0').finish();
    await ticking;
    expect(await status('f-1/1')).toBe('cancelled');
    expect(bench.errors).toEqual([]);
  });

  it('picks up what was queued and what an earlier process left running', async () => {
    await insertReady(bench.store, 'f-1', 3);
    await startTask(bench.store, 'f-1/0');
    await bench.engine().tick();
    expect(bench.calls.filter((call) => call.startsWith('task'))).toEqual(['task f-1/0', 'task f-1/1', 'task f-1/2']);
    expect((await bench.store.read.tasks.get('f-1/0'))?.attempt).toBe(2);
    expect((await eventTypes(bench.store, 'f-1')).slice(0, 4)).toEqual([
      'fleet_planned',
      'task_started',
      'task_requeued',
      'task_started',
    ]);
  });

  it('never runs a task beside itself, however late its lease is', async () => {
    await insertReady(bench.store, 'f-1', 1);
    const ticking = bench.engine({ handle: { task: bench.hold }, leaseMs: 1_000 }).tick();
    await bench.holding(1);
    bench.clock.at += 60_000;
    await insertReady(bench.store, 'f-2', 1);
    expect(await bench.holding(2)).toEqual(['f-1/0', 'f-2/0']);
    expect(await bench.store.write((tx) => tx.tasks.abandoned(bench.clock.at + 999))).toEqual([]);
    for (const running of [...bench.held.values()]) await running.finish();
    await ticking;
    expect(bench.calls.filter((call) => call === 'task f-1/0')).toHaveLength(1);
  });

  it('stops a worker whose task somebody else took, and leaves the row alone', async () => {
    await insertReady(bench.store, 'f-1', 1);
    // What is abandoned is looked for as time passes.
    const now = (): number => {
      bench.clock.at += 1;
      return bench.clock.at;
    };
    const ticking = bench.engine({ handle: { task: bench.hold }, leaseMs: 1_000, clock: { now } }).tick();
    await bench.holding(1);
    const { signal, leave } = task('f-1/0');
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    bench.clock.at += 5_000;
    await bench.store.write((tx) => tx.orphanLeases());
    await aborted;
    expect(signal.reason).toMatchObject({ why: 'lease_lost' });
    leave();
    await bench.holding(0);
    expect(await bench.holding(1)).toEqual(['f-1/0']);
    expect(task('f-1/0').row.attempt).toBe(2);
    await task('f-1/0').finish();
    await ticking;
  });
});
