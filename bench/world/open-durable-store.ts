import Database from 'better-sqlite3';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';

/** SQLite's number of `synchronous = FULL`. Source: sqlite.org/pragma.html#pragma_synchronous */
const FULL = 2;

/** The store as it ships. Throws unless the connection that writes waits for the disk at each commit. */
export async function openDurableStore(file: string, log: Log): Promise<Store> {
  const { pragma } = Database.prototype;
  const handles = new Set<Database.Database>();
  // How a connection waits for the disk is known to that connection alone.
  Database.prototype.pragma = function (this: Database.Database, ...asked) {
    if (!this.readonly) handles.add(this);
    return pragma.apply(this, asked);
  };
  try {
    const store = await openStore({ file, log });
    const how = Array.from(handles, (handle) =>
      [handle.pragma('journal_mode', { simple: true }), handle.pragma('synchronous', { simple: true })].join(),
    );
    if (how.join(' ') !== `wal,${FULL}`)
      throw new Error(`The store writes by "${how.join(' ')}", which is not durable.`);
    return store;
  } finally {
    Database.prototype.pragma = pragma;
  }
}
