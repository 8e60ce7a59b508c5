import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

/** What asked the agents of a node, and every session with what it cost. */
export async function up(db: Kysely<unknown>, columns: ColumnTypes): Promise<void> {
  await widenNodes(db, columns);
  await createSessions(db, columns);
  await keepEarlierCosts(db);
}

async function widenNodes(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  for (const name of ['agent', 'model']) {
    await db.schema.alterTable('nodes').addColumn(name, text).execute();
  }
  for (const name of ['tokens_input', 'tokens_output', 'tokens_cached']) {
    await db.schema.alterTable('nodes').addColumn(name, integer).execute();
  }
  await db.schema
    .alterTable('nodes')
    .addColumn('cost_computed', integer, (c) => c.notNull().defaultTo(0))
    .execute();
}

async function createSessions(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('fleet_id', text, (c) => c.notNull().references('fleets.id'))
    .addColumn('task_id', text, (c) => c.notNull().references('tasks.id'))
    .addColumn('attempt', integer, (c) => c.notNull())
    .addColumn('place', text, (c) => c.notNull())
    .addColumn('node_id', text, (c) => c.notNull())
    .addColumn('user_id', integer, (c) => c.notNull())
    .addColumn('started_at', integer, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('cost_micro_usd', integer)
    .addColumn('cost_computed', integer, (c) => c.notNull())
    .addColumn('counted_micro_usd', integer, (c) => c.notNull())
    .addColumn('tokens_input', integer)
    .addColumn('tokens_output', integer)
    .addColumn('tokens_cached', integer)
    .execute();
  await db.schema.createIndex('sessions_of_task').on('sessions').columns(['task_id', 'attempt', 'place']).execute();
  await db.schema.createIndex('sessions_of_fleet').on('sessions').column('fleet_id').execute();
  await db.schema.createIndex('sessions_of_user').on('sessions').columns(['user_id', 'started_at']).execute();
  await db.schema
    .createIndex('sessions_running')
    .on('sessions')
    .column('task_id')
    .where(sql<boolean>`state = 'running'`)
    .execute();
}

/** The sums of tasks from before, as one session of what is known, and one of what is not. */
async function keepEarlierCosts(db: Kysely<unknown>): Promise<void> {
  const known = sql`tasks.cost_micro_usd`;
  const unknown = sql`tasks.counted_micro_usd - coalesce(tasks.cost_micro_usd, 0)`;
  await keep(db, { ending: 'known', cost: known, counted: known, where: sql`tasks.cost_micro_usd is not null` });
  await keep(db, { ending: 'unknown', cost: sql`null`, counted: unknown, where: sql`${unknown} > 0` });
}

type Fragment = ReturnType<typeof sql>;

async function keep(
  db: Kysely<unknown>,
  { ending, cost, counted, where }: { ending: string; cost: Fragment; counted: Fragment; where: Fragment },
): Promise<void> {
  await sql`
    insert into sessions (id, fleet_id, task_id, attempt, place, node_id, user_id, started_at, state,
      cost_micro_usd, cost_computed, counted_micro_usd)
    select 's-' || tasks.id || ${sql.lit(`-${ending}`)}, tasks.fleet_id, tasks.id, tasks.attempt, '', '', fleets.run_as_id,
      coalesce(tasks.ended_at, tasks.started_at, fleets.created_at), 'settled', ${cost}, 0, ${counted}
    from tasks inner join fleets on fleets.id = tasks.fleet_id
    where ${where}`.execute(db);
}
