import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

export async function up(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('patches')
    .addColumn('task_id', text, (c) => c.notNull().references('tasks.id'))
    .addColumn('attempt', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('digest', text, (c) => c.notNull())
    .addColumn('files', text, (c) => c.notNull())
    .addColumn('diff', text, (c) => c.notNull())
    .addColumn('size', integer, (c) => c.notNull())
    .addColumn('truncated', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('patches_key', ['task_id', 'attempt'])
    .execute();
  await db.schema
    .alterTable('tasks')
    .addColumn('publish_asked', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('tasks').addColumn('ran_again', text).execute();
}
