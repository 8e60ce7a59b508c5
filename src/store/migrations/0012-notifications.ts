import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

/** The moments of which people are told, and up to which event each fleet was looked through for them. */
export async function up(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('notifications')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('fleet_id', text, (c) => c.notNull().references('fleets.id'))
    .addColumn('event_seq', integer, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('mention', text)
    .addColumn('body', text)
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('tries', integer, (c) => c.notNull())
    .addColumn('not_before', integer, (c) => c.notNull())
    .addColumn('fence', integer, (c) => c.notNull())
    .addColumn('lease_until', integer)
    .addUniqueConstraint('one_notification_a_moment', ['fleet_id', 'event_seq'])
    .execute();
  await db.schema
    .createIndex('notifications_due')
    .on('notifications')
    .column('not_before')
    .where(sql<boolean>`state = 'due'`)
    .execute();
  await db.schema
    .createTable('notification_marks')
    .addColumn('fleet_id', text, (c) => c.primaryKey().references('fleets.id'))
    .addColumn('seq', integer, (c) => c.notNull())
    .execute();
}
