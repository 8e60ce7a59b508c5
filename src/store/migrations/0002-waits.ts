import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

export async function up(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('approvals')
    .addColumn('task_id', text, (c) => c.notNull().references('tasks.id'))
    .addColumn('attempt', integer, (c) => c.notNull())
    .addColumn('node_id', text, (c) => c.notNull())
    .addColumn('seq', integer, (c) => c.notNull())
    .addColumn('fleet_id', text, (c) => c.notNull().references('fleets.id'))
    .addColumn('message', text, (c) => c.notNull())
    .addColumn('decisions', text, (c) => c.notNull())
    .addColumn('asked_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('answered_at', integer)
    .addColumn('decision', text)
    .addColumn('answer_text', text, (c) => c.notNull())
    .addColumn('decided_by_id', integer)
    .addColumn('decided_by_login', text)
    .addPrimaryKeyConstraint('approvals_key', ['task_id', 'attempt', 'node_id'])
    .execute();
  await db.schema.createIndex('approvals_by_fleet').on('approvals').columns(['fleet_id', 'task_id']).execute();
  await db.schema
    .createIndex('approvals_open')
    .on('approvals')
    .column('expires_at')
    .where(sql<boolean>`answered_at is null`)
    .execute();

  await db.schema.alterTable('tasks').addColumn('journal', text).execute();
  for (const column of ['wave', 'stage', 'counted_micro_usd']) {
    await db.schema
      .alterTable('tasks')
      .addColumn(column, integer, (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await db.schema.alterTable('nodes').addColumn('category', text).execute();
  await db.schema
    .alterTable('nodes')
    .addColumn('reason', text, (c) => c.notNull().defaultTo(''))
    .execute();

  await db.schema.alterTable('fleets').addColumn('gate', text).execute();
  await db.schema.alterTable('fleets').addColumn('gate_since', integer).execute();
  await db.schema.alterTable('fleets').addColumn('paused_at', integer).execute();
  await db.schema.alterTable('fleets').addColumn('paused_by_login', text).execute();
  await db.schema.alterTable('fleets').addColumn('turned_at', integer).execute();
  for (const column of ['wave', 'halts_since']) {
    await db.schema
      .alterTable('fleets')
      .addColumn(column, integer, (c) => c.notNull().defaultTo(0))
      .execute();
  }
}
