import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

/** Requests of the HTTP API with an idempotency key, what they were answered, and what its lists of fleets read. */
export async function up(db: Kysely<unknown>, columns: ColumnTypes): Promise<void> {
  await createApiRequests(db, columns);
  await keepInputs(db, columns);
  // Everything that a list is narrowed by, so that no row with its plan is read for it.
  await db.schema
    .createIndex('fleets_created')
    .on('fleets')
    .columns(['control_repository_id', 'seq', 'installation_id', 'workflow', 'sender_login', 'ended_at'])
    .execute();
  // Without them somebody who is nobody here has every row read.
  await db.schema.createIndex('fleets_of_sender').on('fleets').expression(sql`lower(sender_login), seq`).execute();
  await db.schema.createIndex('fleets_of_name').on('fleets').expression(sql`lower(control_repository)`).execute();
  await db.schema.createIndex('fleets_of_workflow').on('fleets').columns(['workflow', 'seq']).execute();
  await db.schema
    .createIndex('tasks_with_pull_request')
    .on('tasks')
    .column('fleet_id')
    .where(sql<boolean>`pull_request_number is not null`)
    .execute();
}

async function createApiRequests(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
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
}

/** Also of the fleets that are there: their plans have had them from the beginning. */
async function keepInputs(db: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .alterTable('fleets')
    .addColumn('inputs', text, (c) => c.notNull().defaultTo('{}'))
    .execute();
  const { rows } = await sql<{ id: string }>`select id from fleets`.execute(db);
  for (const { id } of rows) {
    const read = await sql<{ plan: string }>`select plan from fleets where id = ${id}`.execute(db);
    const plan: { inputs?: unknown } = JSON.parse(read.rows[0]?.plan ?? '{}');
    await sql`update fleets set inputs = ${JSON.stringify(plan.inputs ?? {})} where id = ${id}`.execute(db);
  }
}
