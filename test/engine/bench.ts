import { join } from 'node:path';
import type { Caps } from '../../src/core/slots.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { EngineHandlers, EngineOptions } from '../../src/engine/handlers.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Lease } from '../../src/store/contract/lease.ts';
import type { Store } from '../../src/store/contract/store.ts';
import type { TaskRow } from '../../src/store/contract/tasks.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { completed, silentLog, temporaryFolder } from '../store/fixtures.ts';

/** A task in the hands of its handler, until the test lets it go. */
interface Running {
  row: TaskRow & Lease;
  signal: AbortSignal;
  draining: AbortSignal;
  /** Ends it as completed and returns. */
  finish(): Promise<void>;
  fail(error: Error): void;
  /** Returns without ending it. */
  leave(): void;
}

export interface Bench {
  store: Store;
  clock: { at: number; now(): number };
  /** Held tasks by id, in the order in which they started. */
  held: Map<string, Running>;
  /** Everything that handlers were called with: `task f-1/0`, `report f-1`, … */
  calls: string[];
  errors: string[];
  engine(change?: Partial<EngineOptions> & { handle?: Partial<EngineHandlers> }): Engine;
  /** A handler that ends each task at once. */
  complete: EngineHandlers['task'];
  /** A handler that holds each task for the test; an abort does not end it. */
  hold: EngineHandlers['task'];
  /** The most tasks that were held at once. */
  peak(): number;
  /** Resolves when as many tasks are held. */
  holding(count: number): Promise<string[]>;
  remove(): Promise<void>;
}

const CAPS: Caps = { system: 8, perUser: 5 };
const NEVER = Number.POSITIVE_INFINITY;

export async function createBench(): Promise<Bench> {
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  const clock = { at: 10_000, now: () => clock.at };
  const held = new Map<string, Running>();
  const calls: string[] = [];
  const errors: string[] = [];
  let peak = 0;
  const log: Log = { ...silentLog, error: (_fields, message) => errors.push(message) };
  let changed = Promise.withResolvers<void>();
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };

  const complete: EngineHandlers['task'] = async (row) => {
    await store.write((tx) => tx.tasks.end(row, completed, clock.at));
  };
  const hold: EngineHandlers['task'] = async (row, signal, draining) => {
    const over = Promise.withResolvers<void>();
    const finish = async () => {
      // Its row has ended before we hear of it, and what may start then may have been started.
      held.delete(row.id);
      await complete(row, signal, draining);
      over.resolve();
    };
    held.set(row.id, { row, signal, draining, finish, fail: over.reject, leave: over.resolve });
    peak = Math.max(peak, held.size);
    signal.addEventListener('abort', change);
    change();
    try {
      await over.promise;
    } finally {
      held.delete(row.id);
      change();
    }
  };

  return {
    store,
    clock,
    held,
    calls,
    errors,
    complete,
    hold,
    engine({ handle = {}, ...options } = {}) {
      const handlers: EngineHandlers = {
        task: complete,
        delivery: () => Promise.resolve(),
        report: () => Promise.resolve(),
        effect: () => Promise.resolve(),
        undo: () => Promise.resolve(),
        notification: () => Promise.resolve(),
        sweep: () => Promise.resolve(),
        missed: () => Promise.resolve(),
        ...handle,
      };
      return createEngine({
        store,
        clock,
        log,
        caps: CAPS,
        reportDue: () => NEVER,
        abortGraceMs: 20,
        ...options,
        handlers: {
          async delivery(row) {
            calls.push(`delivery ${row.id}`);
            await handlers.delivery(row);
          },
          async task(row, signal, draining) {
            calls.push(`task ${row.id}`);
            await handlers.task(row, signal, draining);
          },
          async report(id) {
            calls.push(`report ${id}`);
            await handlers.report(id);
          },
          async effect(id) {
            calls.push(`effect ${id}`);
            await handlers.effect(id);
          },
          async undo(id) {
            calls.push(`undo ${id}`);
            await handlers.undo(id);
          },
          async sweep() {
            calls.push('sweep');
            await handlers.sweep();
          },
          async notification(id, signal) {
            calls.push(`notification ${id}`);
            await handlers.notification(id, signal);
          },
          async missed(signal) {
            calls.push('missed');
            await handlers.missed(signal);
          },
        },
      });
    },
    peak: () => peak,
    async holding(count) {
      while (held.size !== count) await changed.promise;
      return [...held.keys()];
    },
    async remove() {
      await store.close();
      await folder.remove();
    },
  };
}
