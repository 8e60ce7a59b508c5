import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

export async function up(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('missed_deliveries')
    .addColumn('guid', text, (c) => c.primaryKey().notNull())
    .addColumn('attempt_id', text, (c) => c.notNull())
    .addColumn('event', text, (c) => c.notNull())
    .addColumn('first_at', integer, (c) => c.notNull())
    .addColumn('asked', integer, (c) => c.notNull())
    .addColumn('next_ask_at', integer, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('missed_deliveries_open')
    .on('missed_deliveries')
    .columns(['next_ask_at'])
    .where(sql<boolean>`state = 'open'`)
    .execute();
  await db.schema
    .createTable('delivery_looks')
    .addColumn('id', integer, (c) => c.primaryKey().notNull())
    .addColumn('newest', integer)
    .addColumn('seen_at', integer, (c) => c.notNull())
    .addColumn('settled', integer, (c) => c.notNull())
    .addColumn('not_before', integer, (c) => c.notNull())
    .execute();
}
