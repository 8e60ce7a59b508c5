import { type Kysely, sql } from 'kysely';

/** What each sweep asks, of tables that only grow. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('tasks_with_workspace')
    .on('tasks')
    .columns(['ended_at', 'id'])
    .where(sql<boolean>`workspace is not null`)
    .execute();
  await db.schema.createIndex('tasks_by_folder').on('tasks').columns(['fleet_id', 'repository']).execute();
}
