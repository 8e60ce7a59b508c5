import type { Database } from 'better-sqlite3';
import { z } from 'zod';

const row = z.object({ document: z.string() });

/**
 * Records of one kind: read from memory, written through to a table, so that a restart finds them.
 * Records are immutable snapshots: after an `await`, read again instead of trusting an old one.
 */
export class Collection<T extends { id: number }> {
  readonly #records = new Map<number, T>();
  readonly #put: (record: T) => void;
  readonly #delete: (id: number) => void;

  constructor(database: Database, table: string, schema: z.ZodType<T>) {
    database.exec(`create table if not exists ${table} (id integer primary key, document text not null) strict`);
    for (const found of database.prepare(`select document from ${table} order by id`).all()) {
      const record = schema.parse(JSON.parse(row.parse(found).document));
      this.#records.set(record.id, record);
    }
    const upsert = database.prepare(
      `insert into ${table} (id, document) values (?, ?) on conflict (id) do update set document = excluded.document`,
    );
    const remove = database.prepare(`delete from ${table} where id = ?`);
    this.#put = (record) => {
      upsert.run(record.id, JSON.stringify(record));
    };
    this.#delete = (id) => {
      remove.run(id);
    };
  }

  get(id: number): T | undefined {
    return this.#records.get(id);
  }

  /** For ids that another record refers to. @throws when the state is inconsistent. */
  need(id: number): T {
    const record = this.#records.get(id);
    if (record === undefined) throw new Error(`the state of the local GitHub has no record ${id}`);
    return record;
  }

  /** Every record, in the order of creation. */
  all(): T[] {
    return [...this.#records.values()];
  }

  where(matches: (record: T) => boolean): T[] {
    const found: T[] = [];
    for (const record of this.#records.values()) if (matches(record)) found.push(record);
    return found;
  }

  find(matches: (record: T) => boolean): T | undefined {
    for (const record of this.#records.values()) if (matches(record)) return record;
    return undefined;
  }

  insert(record: T): T {
    if (this.#records.has(record.id)) throw new Error(`record ${record.id} exists already`);
    this.#put(record);
    this.#records.set(record.id, record);
    return record;
  }

  /** Merges `changes` into the current record and returns the new one. */
  update(id: number, changes: Partial<T>): T {
    const record = { ...this.need(id), ...changes };
    this.#put(record);
    this.#records.set(id, record);
    return record;
  }

  delete(id: number): void {
    this.#delete(id);
    this.#records.delete(id);
  }
}
