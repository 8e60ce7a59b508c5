import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

export async function up(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('undos')
    .addColumn('task_id', text, (c) => c.primaryKey().notNull().references('tasks.id'))
    .addColumn('fleet_id', text, (c) => c.notNull().references('fleets.id'))
    .addColumn('repository_id', integer, (c) => c.notNull())
    .addColumn('branch', text, (c) => c.notNull())
    .addColumn('requested_at', integer, (c) => c.notNull())
    .addColumn('by_id', integer, (c) => c.notNull())
    .addColumn('by_login', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('reason', text)
    .addColumn('detail', text)
    .addColumn('not_before', integer, (c) => c.notNull())
    .addColumn('failing_since', integer)
    .addColumn('fence', integer, (c) => c.notNull())
    .addColumn('lease_until', integer)
    .execute();
  await db.schema.createIndex('undos_by_fleet').on('undos').column('fleet_id').execute();
  await db.schema.createIndex('undos_by_branch').on('undos').columns(['repository_id', 'branch']).execute();
  await db.schema.createIndex('undos_by_state').on('undos').columns(['state', 'not_before']).execute();
}
