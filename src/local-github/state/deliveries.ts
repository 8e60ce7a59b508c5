import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type Delivery, deliveryRecord } from './records.ts';

const row = z.object({ document: z.string() });

/** Webhook deliveries stay on disk: their payloads are large and rarely read. */
export class Deliveries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.exec(
      'create table if not exists deliveries (id integer primary key, app_id integer not null, document text not null) strict',
    );
  }

  insert(delivery: Delivery): void {
    this.#database
      .prepare('insert into deliveries (id, app_id, document) values (?, ?, ?)')
      .run(delivery.id, delivery.appId, JSON.stringify(delivery));
  }

  get(id: number): Delivery | undefined {
    const found = this.#database.prepare('select document from deliveries where id = ?').get(id);
    return found === undefined ? undefined : parse(found);
  }

  /** Newest first; `before` is an exclusive id, for paging by cursor; `codes`: the lowest and the highest status code. */
  list(
    appId: number,
    limit: number,
    before = Number.MAX_SAFE_INTEGER,
    codes: readonly [number, number] = [0, 999],
  ): Delivery[] {
    return this.#database
      .prepare(
        `select document from deliveries where app_id = ? and id < ?
           and json_extract(document, '$.statusCode') between ? and ? order by id desc limit ?`,
      )
      .all(appId, before, ...codes, limit)
      .map(parse);
  }
}

function parse(found: unknown): Delivery {
  return deliveryRecord.parse(JSON.parse(row.parse(found).document));
}
