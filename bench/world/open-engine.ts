import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caps } from '../../src/core/slots.ts';
import { createEffects } from '../../src/effects/effects.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { createReporter } from '../../src/report/create-reporter.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { FakeGitHub } from '../../test/effects/fake-github.ts';
import { completed, silentLog } from '../../test/store/fixtures.ts';
import { openDurableStore } from './open-durable-store.ts';

export interface EngineRun {
  wallMs: number;
  /** Transactions that changed something. */
  commits: number;
}

/** The engine, the store on disk and the reporter as they ship; GitHub answers at once, and tasks have nothing to do. */
export interface EngineWorld {
  /** Path of the database. */
  file: string;
  store: Store;
  /** Until so many tasks have ended, woken by the store and by time alone. Once per world. */
  work(tasks: number): Promise<EngineRun>;
  close(): Promise<void>;
}

const clock = { now: Date.now };
const nothing = () => Promise.resolve();

export async function openEngine(caps: Caps): Promise<EngineWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const file = join(folder, 'flotilla.db');
  const done = Promise.withResolvers<void>();
  const log = {
    ...silentLog,
    error: (fields: unknown, message?: string) => done.reject(new Error(message ?? 'an error', { cause: fields })),
  };
  const store = await openDurableStore(file, log);
  // What waits for GitHub's limits is no work of the engine.
  const budget = { perMinute: 1_000_000, perHour: 1_000_000 };
  const parts = { store, github: new FakeGitHub(clock.now).port, clock, log, budget };
  const waits = { unknownMs: 30_000, betweenLooksMs: 20_000 };
  const effects = createEffects({ ...parts, newId: randomUUID, waits, requestTimeoutMs: 15_000 });
  const reporter = createReporter({ ...parts, effects, caps, newNotificationId: randomUUID });
  let [running, ended, commits] = [0, 0, 0];
  store.onCommit(() => {
    commits += 1;
  });

  return {
    file,
    store,
    async work(tasks) {
      const engine = createEngine({
        store,
        clock,
        log,
        caps,
        reportDue: (fleet, now) => reporter.due(fleet, now),
        handlers: {
          async task(row) {
            running += 1;
            if (running > caps.system) done.reject(new Error(`${running} tasks ran at once.`));
            await store.write((tx) => tx.tasks.end(row, completed, clock.now()));
            running -= 1;
            ended += 1;
            if (ended === tasks) done.resolve();
          },
          report: (fleetId) => reporter.report(fleetId),
          effect: async (id) => void (await effects.attempt(id)),
          delivery: nothing,
          undo: nothing,
          notification: nothing,
          sweep: nothing,
          missed: nothing,
        },
      });
      const [start, before] = [performance.now(), commits];
      engine.start();
      await done.promise;
      const run = { wallMs: performance.now() - start, commits: commits - before };
      await engine.drain(10_000);
      return run;
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
