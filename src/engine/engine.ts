import type { TaskFailure } from '../core/failures.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { EngineOptions } from './handlers.ts';
import { createRounds } from './rounds.ts';
import { settleTask } from './run-task.ts';
import { createUnits } from './units.ts';
import { createWake } from './wake.ts';

export interface Engine {
  /** Works until `drain`: woken by every commit, and by time. */
  start(): void;
  /** Runs everything that can run at the clock's time, and what follows from it, to its end. For tests, without `start`. */
  tick(): Promise<void>;
  /**
   * Starts nothing new and asks tasks to stop where nothing of them runs; waits `graceMs`, then aborts what is left. Tasks
   * that did not end go back to the queue. The store may be closed after.
   */
  drain(graceMs: number): Promise<void>;
  /** Aborts the task's signal, if it runs here. A cancel request in the store does this too. */
  cancelTask(id: string): void;
  /** Aborts the task's signal, if it runs here under that fence, with how it has to end. */
  failTask(task: Lease, failure: TaskFailure): void;
  running(): {
    deliveries: string[];
    tasks: string[];
    reports: string[];
    effects: string[];
    undos: string[];
    notifications: string[];
    sweep: boolean;
  };
}

/** Upper bound of a sleep: due times that only rows know are found this late at most. */
const POLL_MS = 1_000;
/**
 * Between two looks for missed deliveries: soon enough that a command which failed once is carried out by the next ones,
 * and one request in that time where none failed.
 */
const MISSED_MS = 5 * 60_000;
/**
 * While units run, each commits a dozen times: one look, a dozen queries, serves all commits of so long. The end of a unit is
 * looked at at once.
 */
const COMMITS_TOGETHER_MS = 200;

/** Admits units under the caps and hands each to its handler with a fenced lease. One engine on a data directory. */
export function createEngine(options: EngineOptions): Engine {
  const { store, clock, log, abortGraceMs = 5_000 } = options;
  const wake = createWake();
  const draining = new AbortController();
  const units = createUnits(() => wake.call());
  const rounds = createRounds({
    leaseMs: 60_000,
    sweepMs: 60_000,
    missedMs: MISSED_MS,
    ...options,
    units,
    draining: draining.signal,
  });
  let loop: Promise<void> | undefined;
  let ended = false;
  let soon = false;
  store.onCommit(() => {
    if (units.all().length === 0) return wake.call();
    if (soon) return;
    soon = true;
    setTimeout(() => {
      soon = false;
      wake.call();
    }, COMMITS_TOGETHER_MS).unref();
  });

  async function work(): Promise<void> {
    while (!ended) {
      let sleep = POLL_MS;
      try {
        const { nextDue } = await rounds.run();
        sleep = Math.min(POLL_MS, Math.max(0, nextDue - clock.now()));
      } catch (error) {
        log.error({ err: error }, 'a round of the engine failed; it goes on in a second');
        await createWake().wait(POLL_MS);
      }
      if (!ended) await wake.wait(sleep);
    }
  }

  return {
    start() {
      loop ??= work();
    },

    async tick() {
      if (loop !== undefined) throw new Error('tick() is for an engine that was not started.');
      for (;;) {
        const { started } = await rounds.run();
        if (started === 0 && units.all().length === 0 && !wake.called()) return;
        await wake.wait();
      }
    },

    async drain(graceMs) {
      draining.abort();
      await rounds.close();
      await within(units.idle(), graceMs);
      for (const unit of units.all()) unit.stop('draining');
      await within(units.idle(), abortGraceMs);
      ended = true;
      wake.call();
      await loop;
      for (const unit of units.all()) {
        if (unit.kind !== 'task' || unit.lease === null) continue;
        log.warn({ task: unit.id }, 'a task did not stop in time; it goes back to the queue');
        await settleTask(options, unit.lease, unit);
      }
    },

    cancelTask(id) {
      units.get('task', id)?.stop('cancelled');
    },

    failTask({ id, fence }, failure) {
      const unit = units.get('task', id);
      // Whoever judged it may have seen an earlier attempt.
      if (unit?.lease?.fence === fence) unit.stop('refused', failure);
    },

    running: () => ({
      deliveries: units.ids('delivery'),
      tasks: units.ids('task'),
      reports: units.ids('report'),
      effects: units.ids('effect'),
      undos: units.ids('undo'),
      notifications: units.ids('notification'),
      sweep: units.count('sweep') > 0,
    }),
  };
}

/** Waits for it, at most that long; the timer is gone afterwards. */
async function within(done: Promise<void>, ms: number): Promise<void> {
  const late = createWake();
  const finished = done.then(() => late.call());
  await Promise.race([finished, late.wait(ms)]);
}
