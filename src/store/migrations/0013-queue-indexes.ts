import { type Kysely, sql } from 'kysely';

/** What each report of a fleet with a queue asks of the tasks of all fleets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('tasks_in_line')
    .on('tasks')
    // The last two are the same in each entry, and there for counting without a look at the rows.
    .columns(['fleet_id', 'wave', 'status', 'publishing_at'])
    .where(sql<boolean>`status = 'queued' and publishing_at is null`)
    .execute();
  await db.schema
    .createIndex('tasks_worked')
    .on('tasks')
    .column('ended_at')
    .where(sql<boolean>`ended_at is not null and started_at is not null`)
    .execute();
}
