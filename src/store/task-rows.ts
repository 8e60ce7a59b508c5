import { type Insertable, type Selectable, sql } from 'kysely';
import type { Place } from '../core/plan.ts';
import { mayTaskBecome, type TaskStatus } from '../core/status.ts';
import { FenceLost, type Lease } from './contract/lease.ts';
import type { TaskRow } from './contract/tasks.ts';
import { readJournal, readWarnings } from './documents.ts';
import { fromMicroUsd } from './rows.ts';
import type { Db, TasksTable } from './schema.ts';

/** In the words of the index `tasks_parked` and with its column: SQLite would else read every queued task of the fleet. */
export const isParked = sql<boolean>`tasks.status = 'queued' and tasks.publishing_at is not null and tasks.not_before >= 0`;

export function taskRow(row: Selectable<TasksTable>): TaskRow {
  return {
    id: row.id,
    fleetId: row.fleet_id,
    repositoryId: row.repository_id,
    repository: row.repository,
    position: row.position,
    branch: row.branch,
    status: row.status,
    outcome: row.outcome,
    category: row.category,
    reason: row.reason,
    warnings: readWarnings(row.warnings),
    attempt: row.attempt,
    fence: row.fence,
    cancelRequested: row.cancel_requested === 1,
    publishingAt: row.publishing_at,
    publishingTree: row.publishing_tree,
    baseBranch: row.base_branch,
    baseSha: row.base_sha,
    pullRequest:
      row.pull_request_number === null || row.pull_request_url === null
        ? null
        : { number: row.pull_request_number, url: row.pull_request_url },
    workspace: row.workspace,
    costUsd: fromMicroUsd(row.cost_micro_usd),
    countedUsd: row.counted_micro_usd / 1e6,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    notBefore: row.not_before,
    wave: row.wave,
    journal: row.journal === null ? null : readJournal(row.journal),
    publishAsked: row.publish_asked === 1,
    ranAgain: row.ran_again,
  };
}

interface NewTask extends Partial<Place> {
  id: string;
  fleetId: string;
  repositoryId: number;
  repository: string;
  branch: string;
  position: number;
}

export function newTaskRow(task: NewTask): Insertable<TasksTable> {
  return {
    id: task.id,
    fleet_id: task.fleetId,
    repository_id: task.repositoryId,
    repository: task.repository,
    position: task.position,
    branch: task.branch,
    status: 'queued',
    outcome: null,
    category: null,
    reason: null,
    warnings: '[]',
    attempt: 0,
    fence: 0,
    lease_until: null,
    cancel_requested: 0,
    publishing_at: null,
    publishing_tree: null,
    base_branch: null,
    base_sha: null,
    pull_request_number: null,
    pull_request_url: null,
    workspace: null,
    cost_micro_usd: null,
    counted_micro_usd: 0,
    started_at: null,
    ended_at: null,
    not_before: 0,
    abandonments: 0,
    journal: null,
    wave: task.wave ?? 0,
    stage: task.stage ?? 0,
    publish_asked: 0,
    ran_again: null,
  };
}

/** The row that a worker holds, as it is in this transaction. Throws FenceLost when it no longer does. */
export async function heldTask(db: Db, lease: Lease): Promise<Selectable<TasksTable>> {
  const row = await db
    .selectFrom('tasks')
    .selectAll()
    .where('id', '=', lease.id)
    .where('fence', '=', lease.fence)
    .where('status', '=', 'running')
    .executeTakeFirst();
  if (row === undefined) throw new FenceLost(`Task ${lease.id} is no longer held under fence ${lease.fence}.`);
  return row;
}

export async function updateTask(db: Db, id: string, change: Partial<TasksTable>): Promise<void> {
  await db.updateTable('tasks').set(change).where('id', '=', id).execute();
}

/** Throws when core's table does not have the transition: a bug of the caller. */
export function assertTransition(id: string, from: TaskStatus, to: TaskStatus): void {
  if (!mayTaskBecome(from, to)) throw new Error(`Task ${id} cannot go from ${from} to ${to}.`);
}
