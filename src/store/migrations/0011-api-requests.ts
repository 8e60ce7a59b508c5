import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

/** Requests of the HTTP API with an idempotency key, and what they were answered. */
export async function up(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('api_requests')
    .addColumn('caller', text, (c) => c.notNull())
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('digest', text, (c) => c.notNull())
    .addColumn('status', integer)
    .addColumn('answer', text)
    .addColumn('opened_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('api_requests_key', ['caller', 'key'])
    .execute();
  await db.schema.createIndex('api_requests_opened').on('api_requests').column('opened_at').execute();
  await db.schema.createIndex('fleets_created').on('fleets').columns(['control_repository_id', 'seq']).execute();
}
