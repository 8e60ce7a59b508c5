import type Database from 'better-sqlite3';
import { type Dialect, SqliteDialect, type SqliteStatement } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

export const SQLITE_COLUMNS: ColumnTypes = {
  integer: 'integer',
  text: 'text',
  appendOnly: (table) =>
    ['update', 'delete'].map(
      (verb) =>
        `create trigger ${table}_never_${verb} before ${verb} on ${table} ` +
        `begin select raise(abort, '${table} are only ever added'); end`,
    ),
};

const STATEMENTS_KEPT = 300;

/** Kysely over one open handle. `before` runs ahead of every statement and may throw; statements are prepared once. */
export function sqliteDialect(handle: Database.Database, before: () => void): Dialect {
  const prepared = new Map<string, SqliteStatement>();
  return new SqliteDialect({
    database: {
      prepare(sql) {
        before();
        let statement = prepared.get(sql);
        if (statement === undefined) {
          if (prepared.size >= STATEMENTS_KEPT) prepared.clear();
          statement = handle.prepare(sql);
          prepared.set(sql, statement);
        }
        return statement;
      },
      close: () => handle.close(),
    },
  });
}
