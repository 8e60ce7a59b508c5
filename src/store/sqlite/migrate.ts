import { rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import type { Log } from '../../ports/log.ts';
import { SQLITE_COLUMNS, sqliteDialect } from '../dialect/sqlite.ts';
import type { Migration } from '../migrations/migrations.ts';

/**
 * Brings the database to the last migration; `user_version` holds the number it is at.
 * An existing file is first copied to `<file>.before-<number>`. Throws when the database is newer than the program.
 */
export async function migrate(handle: Database.Database, migrations: readonly Migration[], log: Log): Promise<void> {
  const at = versionOf(handle);
  const last = migrations.at(-1)?.number ?? 0;
  if (at > last) {
    throw new Error(
      `The database ${handle.name} is at version ${at}, this Flotilla knows versions up to ${last}. ` +
        'Start the newer Flotilla again, or put back the copy that was made beside the file before it was migrated.',
    );
  }
  if (at === last) return;
  if (at > 0) {
    const copy = `${handle.name}.before-${at + 1}`;
    rmSync(copy, { force: true });
    handle.prepare('vacuum into ?').run(copy);
    log.info({ copy, from: at, to: last }, 'copied the database before migrating it');
  }
  const db = new Kysely<unknown>({ dialect: sqliteDialect(handle, () => undefined) });
  for (const migration of migrations.slice(at)) {
    handle.exec('begin immediate');
    try {
      await migration.up(db, SQLITE_COLUMNS);
      handle.pragma(`user_version = ${migration.number}`);
      handle.exec('commit');
    } catch (error) {
      handle.exec('rollback');
      throw error;
    }
  }
}

/** For those who only read: throws unless the database is at the last migration. */
export function assertCurrent(handle: Database.Database, migrations: readonly Migration[]): void {
  const at = versionOf(handle);
  const last = migrations.at(-1)?.number ?? 0;
  if (at !== last) throw new Error(`The database ${handle.name} is at version ${at}, expected ${last}.`);
}

function versionOf(handle: Database.Database): number {
  return Number(handle.pragma('user_version', { simple: true }));
}
