import { AsyncLocalStorage } from 'node:async_hooks';
import type Database from 'better-sqlite3';

/** One write at a time, each as a whole or not at all. */
export interface WriteDoor {
  /** Waits for the earlier ones; resolves when it is on the disk. `changed`: whether any row was written. */
  run<T>(work: () => Promise<T>): Promise<{ value: T; changed: boolean }>;
  /** Throws unless the caller is inside the write that is open now. */
  assertInside(): void;
  /** Throws when the caller is inside a write. */
  assertOutside(what: string): void;
  /** Resolves when the last write that was asked for is over. */
  idle(): Promise<void>;
}

interface Turn {
  open: boolean;
}

interface Waiting {
  /** Its rows are written and not yet durable when this returns; the function tells its caller how it ended. */
  work(): Promise<() => void>;
  fail(error: unknown): void;
}

/** Of one transaction of several writes, and of transactions without a turn of the event loop: deliveries wait meanwhile. */
const LONGEST_MS = 5;

/**
 * Kysely's own `transaction()` is a deferred begin and lets its caller await anything, so this is the only way to write.
 *
 * A commit waits for the disk, and the whole process with it: what has come to wait is written in one transaction, a savepoint
 * each, and nobody is told before its commit.
 *
 * The guard: better-sqlite3 is synchronous, so work that awaits nothing but its transaction settles in microtasks,
 * before the event loop turns. When `setImmediate` fires first, something foreign was awaited, and it is rolled back.
 */
export function createWriteDoor(handle: Database.Database, longestMs: number = LONGEST_MS): WriteDoor {
  const turns = new AsyncLocalStorage<Turn>();
  const changes = handle.prepare<[], number>('select total_changes()').pluck();
  const waiting: Waiting[] = [];
  let current: Turn | undefined;
  let running: Promise<void> | undefined;
  let busySince: number | undefined;

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    const turn: Turn = { open: true };
    const guard = Promise.withResolvers<never>();
    const immediate = setImmediate(() => guard.reject(new Error(FOREIGN_AWAIT)));
    current = turn;
    try {
      return await Promise.race([turns.run(turn, work), guard.promise]);
    } finally {
      turn.open = false;
      current = undefined;
      clearImmediate(immediate);
    }
  }

  /** A fault takes back its own rows alone, unless SQLite gave up the whole transaction for it, as on a full disk. */
  async function inSavepoint<T>(work: () => Promise<T>): Promise<{ value: T; changed: boolean }> {
    const before = changes.get();
    handle.exec('savepoint one');
    try {
      const value = await guarded(work);
      handle.exec('release one');
      return { value, changed: changes.get() !== before };
    } catch (error) {
      if (handle.inTransaction) handle.exec('rollback to one; release one');
      throw error;
    }
  }

  async function transact(): Promise<void> {
    const begunAt = performance.now();
    const told: (() => void)[] = [];
    const taken: Waiting[] = [];
    try {
      handle.exec('begin immediate');
      for (let one = waiting[0]; one !== undefined; one = waiting[0]) {
        waiting.shift();
        taken.push(one);
        told.push(await one.work());
        if (performance.now() - begunAt > longestMs) break;
      }
      handle.exec('commit');
    } catch (error) {
      if (handle.inTransaction) handle.exec('rollback');
      // Where not even one could begin, the first would wait for ever.
      if (taken.length === 0) taken.push(...waiting.splice(0, 1));
      for (const one of taken) one.fail(error);
      return;
    }
    for (const tell of told) tell();
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      if (busySince !== undefined && performance.now() - busySince > longestMs) await new Promise(setImmediate);
      if (busySince === undefined) {
        busySince = performance.now();
        setImmediate(() => {
          busySince = undefined;
        });
      }
      await transact();
    }
    running = undefined;
  }

  const inside = () => turns.getStore()?.open === true;
  return {
    run(work) {
      if (inside()) {
        return Promise.reject(new Error('write() inside write() would wait for itself: use the tx of the outer one.'));
      }
      return new Promise((resolve, reject) => {
        waiting.push({
          work: () =>
            inSavepoint(work).then(
              (done) => () => resolve(done),
              (error: unknown) => {
                if (!handle.inTransaction) throw error;
                return () => reject(error);
              },
            ),
          fail: reject,
        });
        running ??= Promise.resolve().then(drain);
      });
    },
    assertInside() {
      if (!inside() || turns.getStore() !== current) {
        throw new Error('A tx was used outside its write(): every call on it must be awaited in there.');
      }
    },
    assertOutside(what) {
      if (inside()) throw new Error(`${what} was used inside write(): use its tx, which sees what it has written.`);
    },
    async idle() {
      while (running !== undefined) await running;
    },
  };
}

const FOREIGN_AWAIT =
  'Something other than its tx was awaited inside write(): the transaction was rolled back. Do it before or after.';
