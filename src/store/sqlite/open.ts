import { chmodSync, closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import type { Log } from '../../ports/log.ts';
import type { Reads, Store } from '../contract/store.ts';
import { StoreFull } from '../contract/store-full.ts';
import { sqliteDialect } from '../dialect/sqlite.ts';
import { MIGRATIONS, type Migration } from '../migrations/migrations.ts';
import type { Schema } from '../schema.ts';
import { bindReads, bindTx } from '../tables.ts';
import { assertCurrent, migrate } from './migrate.ts';
import { createWriteDoor } from './write-door.ts';

const BUSY_TIMEOUT_MS = 5_000;

export interface StoreOptions {
  /** Path of the database; its folder must exist. */
  file: string;
  log: Log;
  /** For tests of migrating. */
  migrations?: readonly Migration[];
}

/** Opens the database, migrating it when it is older. Throws when it is newer. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { file, log } = options;
  makePrivate(file, log);
  const writing = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    writing.pragma('journal_mode = WAL');
    writing.pragma('synchronous = FULL');
    writing.pragma('foreign_keys = ON');
    await migrate(writing, options.migrations ?? MIGRATIONS, log);
    makePrivate(file, log);
  } catch (error) {
    writing.close();
    throw error;
  }
  const reading = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  const door = createWriteDoor(writing);
  const tx = bindTx(new Kysely<Schema>({ dialect: sqliteDialect(writing, door.assertInside) }));
  const read = bindReads(
    new Kysely<Schema>({ dialect: sqliteDialect(reading, () => door.assertOutside('store.read')) }),
  );
  const listeners: (() => void)[] = [];

  return {
    async write(work) {
      const { value, changed } = await door.run(() => work(tx)).catch((error: unknown) => tellFullDisk(error, file));
      if (changed) tell(listeners, log);
      return value;
    },
    read,
    onCommit(listener) {
      listeners.push(listener);
    },
    async close() {
      await door.idle();
      reading.close();
      writing.close();
    },
  };
}

/** Opens the database of another process for reading. Throws when it does not exist or is not at this program's version. */
export async function openReads({ file }: { file: string }): Promise<{ read: Reads; close(): Promise<void> }> {
  const handle = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    assertCurrent(handle, MIGRATIONS);
  } catch (error) {
    handle.close();
    throw error;
  }
  const read = bindReads(new Kysely<Schema>({ dialect: sqliteDialect(handle, () => undefined) }));
  return {
    read,
    async close() {
      handle.close();
    },
  };
}

/** For its owner alone. SQLite gives the files that it makes beside it the same mode; older ones are brought there. */
function makePrivate(file: string, log: Log): void {
  // Never opened when it exists: closing it would release the locks that this process holds on it.
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
  try {
    for (const name of readdirSync(dirname(file))) {
      if (name.startsWith(basename(file))) chmodSync(join(dirname(file), name), 0o600);
    }
  } catch (error) {
    log.warn({ err: error, file }, 'other users of this machine may be able to read the database');
  }
}

/** Nothing was written then, and the transaction can be tried again as it is. */
function tellFullDisk(error: unknown, file: string): never {
  if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_FULL') throw error;
  const message = `The disk is full: nothing more can be written to ${file}. Make room on its file system; nothing is lost.`;
  throw new StoreFull(message, { cause: error });
}

/** What a listener throws must not look like a failed write: it is committed. */
function tell(listeners: readonly (() => void)[], log: Log): void {
  for (const listener of listeners) {
    try {
      listener();
    } catch (error) {
      log.error({ err: error }, 'a listener to commits failed');
    }
  }
}
