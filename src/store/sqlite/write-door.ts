import { AsyncLocalStorage } from 'node:async_hooks';
import type Database from 'better-sqlite3';

/** One transaction at a time, each begun immediate. */
export interface WriteDoor {
  /** Waits for the earlier ones. `changed`: whether any row was written. */
  run<T>(work: () => Promise<T>): Promise<{ value: T; changed: boolean }>;
  /** Throws unless the caller is inside the transaction that is open now. */
  assertInside(): void;
  /** Throws when the caller is inside a transaction. */
  assertOutside(what: string): void;
  /** Resolves when the last transaction that was asked for is over. */
  idle(): Promise<void>;
}

interface Turn {
  open: boolean;
}

/**
 * Kysely's own `transaction()` is a deferred begin and lets its caller await anything, so this is the only way to write.
 *
 * The guard: better-sqlite3 is synchronous, so work that awaits nothing but its transaction settles in microtasks,
 * before the event loop turns. When `setImmediate` fires first, something foreign was awaited, and it is rolled back.
 */
export function createWriteDoor(handle: Database.Database): WriteDoor {
  const turns = new AsyncLocalStorage<Turn>();
  const changes = handle.prepare<[], number>('select total_changes()').pluck();
  let current: Turn | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function transact<T>(work: () => Promise<T>): Promise<{ value: T; changed: boolean }> {
    const turn: Turn = { open: true };
    const before = changes.get();
    handle.exec('begin immediate');
    current = turn;
    const guard = Promise.withResolvers<never>();
    const immediate = setImmediate(() => guard.reject(new Error(FOREIGN_AWAIT)));
    try {
      const value = await Promise.race([turns.run(turn, work), guard.promise]);
      turn.open = false;
      handle.exec('commit');
      return { value, changed: changes.get() !== before };
    } catch (error) {
      turn.open = false;
      if (handle.inTransaction) handle.exec('rollback');
      throw error;
    } finally {
      clearImmediate(immediate);
      current = undefined;
    }
  }

  const inside = () => turns.getStore()?.open === true;
  return {
    async run(work) {
      if (inside()) throw new Error('write() inside write() would wait for itself: use the tx of the outer one.');
      const mine = queue.then(() => transact(work));
      queue = mine.catch(() => undefined);
      return await mine;
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
      await queue;
    },
  };
}

const FOREIGN_AWAIT =
  'Something other than its tx was awaited inside write(): the transaction was rolled back. Do it before or after.';
