import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

export async function up(db: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('deliveries')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('seq', integer, (c) => c.notNull().unique())
    .addColumn('lane', text)
    .addColumn('installation_id', integer, (c) => c.notNull())
    .addColumn('comment_id', integer)
    .addColumn('sender_id', integer, (c) => c.notNull())
    .addColumn('request', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('received_at', integer, (c) => c.notNull())
    .addColumn('finished_at', integer)
    .addColumn('not_before', integer, (c) => c.notNull())
    .addColumn('failures', integer, (c) => c.notNull())
    .addColumn('fence', integer, (c) => c.notNull())
    .addColumn('lease_until', integer)
    .addColumn('answer', text)
    .addUniqueConstraint('deliveries_one_per_comment', ['installation_id', 'comment_id'])
    .execute();
  await db.schema
    .createIndex('deliveries_unfinished_of_sender')
    .on('deliveries')
    .column('sender_id')
    .where(sql<boolean>`state <> 'done'`)
    .execute();
  await db.schema.createIndex('deliveries_by_state').on('deliveries').columns(['state', 'received_at']).execute();
  await db.schema
    .createIndex('deliveries_unfinished_of_lane')
    .on('deliveries')
    .columns(['lane', 'received_at', 'seq'])
    .where(sql<boolean>`state <> 'done'`)
    .execute();

  await db.schema
    .createTable('fleets')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('seq', integer, (c) => c.notNull().unique())
    .addColumn('installation_id', integer, (c) => c.notNull())
    .addColumn('control_repository_id', integer, (c) => c.notNull())
    .addColumn('control_repository', text, (c) => c.notNull())
    .addColumn('fleet_key', text, (c) => c.notNull())
    .addColumn('workflow', text, (c) => c.notNull())
    .addColumn('branch', text, (c) => c.notNull())
    .addColumn('plan', text, (c) => c.notNull())
    .addColumn('parallel', integer)
    .addColumn('sender_id', integer, (c) => c.notNull())
    .addColumn('sender_login', text, (c) => c.notNull())
    .addColumn('run_as_id', integer, (c) => c.notNull())
    .addColumn('run_as_login', text, (c) => c.notNull())
    .addColumn('door', text, (c) => c.notNull())
    .addColumn('origin_issue', integer)
    .addColumn('origin_comment', integer)
    .addColumn('delivery_id', text, (c) => c.notNull().unique())
    .addColumn('idempotency_key', text)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer)
    .addColumn('approved_at', integer)
    .addColumn('approved_by_id', integer)
    .addColumn('approved_by_login', text)
    .addColumn('cancel_requested_at', integer)
    .addColumn('ended_at', integer)
    .addColumn('superseded_by', text)
    .addColumn('issue_id', integer)
    .addColumn('issue_number', integer)
    .addColumn('issue_url', text)
    .addColumn('event_seq', integer, (c) => c.notNull())
    .addColumn('reported_seq', integer, (c) => c.notNull())
    .addColumn('reported_at', integer)
    .addColumn('reported_pages', text, (c) => c.notNull())
    .addColumn('report_fence', integer, (c) => c.notNull())
    .addColumn('report_lease_until', integer)
    .addColumn('report_not_before', integer, (c) => c.notNull())
    .addUniqueConstraint('fleets_by_idempotency_key', ['installation_id', 'control_repository_id', 'idempotency_key'])
    .execute();
  await db.schema
    .createIndex('fleets_one_unended_per_key')
    .unique()
    .on('fleets')
    .column('fleet_key')
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('fleets_report_behind')
    .on('fleets')
    .column('seq')
    .where(sql<boolean>`event_seq > reported_seq`)
    .execute();
  await db.schema
    .createIndex('fleets_by_issue')
    .on('fleets')
    .columns(['control_repository_id', 'issue_number'])
    .execute();
  await db.schema.createIndex('fleets_by_key').on('fleets').columns(['fleet_key', 'seq']).execute();

  await db.schema
    .createTable('tasks')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('fleet_id', text, (c) => c.notNull().references('fleets.id'))
    .addColumn('repository_id', integer, (c) => c.notNull())
    .addColumn('repository', text, (c) => c.notNull())
    .addColumn('position', integer, (c) => c.notNull())
    .addColumn('branch', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('outcome', text)
    .addColumn('category', text)
    .addColumn('reason', text)
    .addColumn('warnings', text, (c) => c.notNull())
    .addColumn('attempt', integer, (c) => c.notNull())
    .addColumn('fence', integer, (c) => c.notNull())
    .addColumn('lease_until', integer)
    .addColumn('cancel_requested', integer, (c) => c.notNull())
    .addColumn('publishing_at', integer)
    .addColumn('base_branch', text)
    .addColumn('base_sha', text)
    .addColumn('pull_request_number', integer)
    .addColumn('pull_request_url', text)
    .addColumn('workspace', text)
    .addColumn('cost_micro_usd', integer)
    .addColumn('started_at', integer)
    .addColumn('ended_at', integer)
    .addColumn('not_before', integer, (c) => c.notNull())
    .addColumn('abandonments', integer, (c) => c.notNull())
    .addUniqueConstraint('tasks_one_per_repository', ['fleet_id', 'repository_id'])
    .execute();
  await db.schema
    .createIndex('tasks_one_live_per_branch')
    .unique()
    .on('tasks')
    .columns(['repository_id', 'branch'])
    .where(sql<boolean>`status in ('running', 'waiting')`)
    .execute();
  await db.schema.createIndex('tasks_by_fleet').on('tasks').columns(['fleet_id', 'position']).execute();
  await db.schema.createIndex('tasks_by_status').on('tasks').columns(['status', 'fleet_id', 'position']).execute();
  await db.schema
    .createIndex('tasks_by_pull_request')
    .on('tasks')
    .columns(['repository_id', 'pull_request_number'])
    .execute();
  await db.schema
    .createIndex('tasks_parked')
    .on('tasks')
    .columns(['fleet_id', 'not_before'])
    .where(sql<boolean>`status = 'queued' and publishing_at is not null`)
    .execute();

  await db.schema
    .createTable('branches')
    .addColumn('repository_id', integer, (c) => c.notNull())
    .addColumn('branch', text, (c) => c.notNull())
    .addColumn('fleet_key', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('branches_key', ['repository_id', 'branch'])
    .execute();

  await db.schema
    .createTable('nodes')
    .addColumn('task_id', text, (c) => c.notNull().references('tasks.id'))
    .addColumn('attempt', integer, (c) => c.notNull())
    .addColumn('node_id', text, (c) => c.notNull())
    .addColumn('seq', integer, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('exit_code', integer)
    .addColumn('output', text, (c) => c.notNull())
    .addColumn('tail', text, (c) => c.notNull())
    .addColumn('log_file', text)
    .addColumn('cost_micro_usd', integer)
    .addColumn('started_at', integer)
    .addColumn('ended_at', integer)
    .addPrimaryKeyConstraint('nodes_key', ['task_id', 'attempt', 'node_id'])
    .execute();

  await db.schema
    .createTable('effects')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('seq', integer, (c) => c.notNull().unique())
    .addColumn('key', text, (c) => c.notNull().unique())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('installation_id', integer, (c) => c.notNull())
    .addColumn('fleet_id', text)
    .addColumn('task_id', text)
    .addColumn('request', text, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('result', text)
    .addColumn('error', text)
    .addColumn('intended_at', integer, (c) => c.notNull())
    .addColumn('sent_at', integer)
    .addColumn('unanswered', integer, (c) => c.notNull())
    .addColumn('unanswered_since', integer)
    .addColumn('looks', integer, (c) => c.notNull())
    .addColumn('not_before', integer, (c) => c.notNull())
    .addColumn('fence', integer, (c) => c.notNull())
    .addColumn('lease_until', integer)
    .execute();
  await db.schema
    .createIndex('effects_unsettled')
    .on('effects')
    .column('seq')
    .where(sql<boolean>`state in ('intended', 'sent', 'unknown')`)
    .execute();
  await db.schema.createIndex('effects_by_fleet').on('effects').column('fleet_id').execute();
  await db.schema.createIndex('effects_by_task').on('effects').column('task_id').execute();

  await db.schema
    .createTable('pushes')
    .addColumn('id', text, (c) => c.primaryKey().notNull())
    .addColumn('seq', integer, (c) => c.notNull().unique())
    .addColumn('repository_id', integer, (c) => c.notNull())
    .addColumn('branch', text, (c) => c.notNull())
    .addColumn('sha', text, (c) => c.notNull())
    .addColumn('expected', text)
    .addColumn('task_id', text, (c) => c.notNull().references('tasks.id'))
    .addColumn('fleet_id', text, (c) => c.notNull().references('fleets.id'))
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('pushes_by_branch').on('pushes').columns(['repository_id', 'branch', 'seq']).execute();
  await db.schema.createIndex('pushes_by_task').on('pushes').columns(['task_id', 'seq']).execute();

  await db.schema
    .createTable('reservations')
    .addColumn('installation_id', integer, (c) => c.notNull())
    .addColumn('effect_id', text, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('reservations_by_time').on('reservations').columns(['installation_id', 'at']).execute();

  await db.schema
    .createTable('places')
    .addColumn('effect_id', text, (c) => c.primaryKey().notNull())
    .addColumn('installation_id', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('places_by_time').on('places').columns(['installation_id', 'at']).execute();

  await db.schema
    .createTable('closings')
    .addColumn('installation_id', integer, (c) => c.primaryKey().notNull())
    .addColumn('until', integer, (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('events')
    .addColumn('fleet_id', text, (c) => c.notNull().references('fleets.id'))
    .addColumn('seq', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('v', integer, (c) => c.notNull())
    .addColumn('body', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('events_key', ['fleet_id', 'seq'])
    .execute();
}
