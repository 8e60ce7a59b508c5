import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPlan, insertReady } from '../store/fixtures.ts';
import { type Bench, createBench } from './bench.ts';

const NOTHING = { deliveries: [], tasks: [], reports: [], effects: [], undos: [], notifications: [], sweep: false };

describe('a started engine', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench();
  });
  afterEach(() => bench.remove());

  const task = (id: string) => bench.held.get(id) ?? expect.fail(`${id} is not held`);
  const parallel = (count: number) => ({ plan: aPlan({ parallel: count }) });

  it('is woken by a commit', async () => {
    const engine = bench.engine({ handle: { task: bench.hold } });
    engine.start();
    await insertReady(bench.store, 'f-1', 1);
    await bench.holding(1);
    expect(engine.running().tasks).toEqual(['f-1/0']);
    await task('f-1/0').finish();
    await engine.drain(1_000);
    expect(engine.running()).toEqual(NOTHING);
  });

  it('refuses a tick beside its own loop', async () => {
    const engine = bench.engine();
    engine.start();
    await expect(engine.tick()).rejects.toThrow('not started');
    await engine.drain(0);
  });

  it('drains: starts nothing new and waits for what runs', async () => {
    await insertReady(bench.store, 'f-1', 3);
    const engine = bench.engine({ handle: { task: bench.hold } });
    engine.start();
    await bench.holding(1);
    const draining = engine.drain(10_000);
    const { signal, draining: told, finish } = task('f-1/0');
    expect(told.aborted, 'it is told at once').toBe(true);
    await finish();
    await draining;
    expect(signal.aborted).toBe(false);
    expect(bench.calls.filter((call) => call.startsWith('task'))).toEqual(['task f-1/0']);
    const statuses = (await bench.store.read.tasks.ofFleet('f-1')).map((row) => row.status);
    expect(statuses).toEqual(['completed', 'queued', 'queued']);
  });

  it('aborts what is left after the grace and puts it back into the queue, also what does not listen', async () => {
    await insertReady(bench.store, 'f-1', 2, parallel(2));
    const engine = bench.engine({
      handle: {
        task(row, signal, draining) {
          if (row.position === 0) signal.addEventListener('abort', () => task(row.id).fail(new Error('stopped')));
          return bench.hold(row, signal, draining);
        },
      },
    });
    engine.start();
    await bench.holding(2);
    const deaf = task('f-1/1');
    await engine.drain(0);
    expect(deaf.signal.reason).toMatchObject({ why: 'draining' });
    const rows = await bench.store.read.tasks.ofFleet('f-1');
    expect(rows.map((row) => row.status)).toEqual(['queued', 'queued']);
    await expect(deaf.finish()).rejects.toThrow('no longer held');
    deaf.leave();
    await bench.holding(0);
    await bench.engine().tick();
    expect((await bench.store.read.tasks.ofFleet('f-1')).map((row) => [row.status, row.attempt])).toEqual([
      ['completed', 2],
      ['completed', 2],
    ]);
  });

  it('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await insertReady(bench.store, 'f-1', 1);
    const engine = bench.engine();
    engine.start();
    await engine.drain(5_000);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('goes on after a round that failed', async () => {
    await insertReady(bench.store, 'f-1', 1);
    let faults = 0;
    const engine = bench.engine({
      handle: { task: bench.hold },
      reportDue() {
        faults += 1;
        if (faults === 1) throw new Error('a bug');
        return Number.POSITIVE_INFINITY;
      },
    });
    engine.start();
    await bench.holding(1);
    await task('f-1/0').finish();
    await insertReady(bench.store, 'f-2', 1);
    expect(await bench.holding(1)).toEqual(['f-2/0']);
    await task('f-2/0').finish();
    await engine.drain(1_000);
    expect(bench.errors).toEqual(['a round of the engine failed; it goes on in a second']);
  });
});
