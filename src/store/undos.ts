import type { Insertable, Selectable } from 'kysely';
import type { Person } from '../core/plan.ts';
import { KEPT_REASONS, UNDONE_REMARKS, type UndoState } from '../core/undo.ts';
import { closedInstallations, leavePlacesOfTask } from './budget.ts';
import { FenceLost, type Lease } from './contract/lease.ts';
import type { UndoEnd, UndoReads, UndoRow, UndoWrites } from './contract/undos.ts';
import { appendEvents } from './events.ts';
import { theFleet } from './fleet-rows.ts';
import { inChunks } from './rows.ts';
import type { Db, TasksTable, UndosTable } from './schema.ts';

function undoRow(row: Selectable<UndosTable>): UndoRow {
  return {
    ...stateOf(row),
    taskId: row.task_id,
    fleetId: row.fleet_id,
    by: { id: row.by_id, login: row.by_login },
    requestedAt: row.requested_at,
    detail: row.detail,
    notBefore: row.not_before,
    failingSince: row.failing_since,
    fence: row.fence,
  };
}

function stateOf({ task_id, state, reason }: Selectable<UndosTable>): UndoState {
  switch (state) {
    case 'requested':
      return { state };
    case 'undone':
      return { state, remark: UNDONE_REMARKS.find((known) => known === reason) ?? null };
    case 'kept': {
      const known = KEPT_REASONS.find((one) => one === reason);
      if (known === undefined) throw new Error(`The undo of task ${task_id} was kept without a reason.`);
      return { state, reason: known };
    }
  }
}

function due(db: Db, now: number) {
  return db
    .selectFrom('undos')
    .innerJoin('tasks', 'tasks.id', 'undos.task_id')
    .innerJoin('fleets', 'fleets.id', 'undos.fleet_id')
    .selectAll('undos')
    .where('undos.state', '=', 'requested')
    .where('undos.not_before', '<=', now)
    .where((eb) => eb.or([eb('undos.lease_until', 'is', null), eb('undos.lease_until', '<', now)]))
    .where('fleets.installation_id', 'not in', closedInstallations(db, now))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('tasks as live')
            .select('live.id')
            .whereRef('live.repository_id', '=', 'undos.repository_id')
            .whereRef('live.branch', '=', 'undos.branch')
            .where('live.status', 'in', ['running', 'waiting']),
        ),
      ),
    );
}

export function undoReads(db: Db): UndoReads {
  return {
    async get(taskId) {
      const row = await db.selectFrom('undos').selectAll().where('task_id', '=', taskId).executeTakeFirst();
      return row && undoRow(row);
    },
    async ofFleet(fleetId) {
      const rows = await db
        .selectFrom('undos')
        .innerJoin('tasks', 'tasks.id', 'undos.task_id')
        .selectAll('undos')
        .where('undos.fleet_id', '=', fleetId)
        .orderBy('tasks.position')
        .execute();
      return rows.map(undoRow);
    },
    async due(now, limit) {
      const inOrder = due(db, now).orderBy('undos.requested_at').orderBy('fleets.seq').orderBy('tasks.position');
      return (await inOrder.limit(limit).execute()).map(undoRow);
    },
  };
}

export function undoWrites(db: Db): UndoWrites {
  return {
    async request(fleetId, taskIds, by, now) {
      const fleet = await theFleet(db, fleetId);
      if (fleet.ended_at === null) throw new Error(`Fleet ${fleetId} has not ended: nothing of it can be undone.`);
      for (const chunk of inChunks(taskIds)) {
        const tasks = await db
          .selectFrom('tasks')
          .selectAll()
          .where('fleet_id', '=', fleetId)
          .where('id', 'in', chunk)
          .execute();
        const rows = tasks.map((task) => requested(task, by, now));
        await db
          .insertInto('undos')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('task_id').doUpdateSet((eb) => ({
              requested_at: now,
              by_id: by.id,
              by_login: by.login,
              state: 'requested',
              reason: null,
              detail: null,
              not_before: now,
              failing_since: null,
              fence: eb('undos.fence', '+', 1),
              lease_until: null,
            })),
          )
          .execute();
      }
      await turn(db, fleetId, now);
      await appendEvents(db, fleetId, now, [{ type: 'undo_requested', v: 1, by: by.login, tasks: taskIds.length }]);
    },

    async claim(taskId, now, leaseUntil) {
      const row = await due(db, now).where('undos.task_id', '=', taskId).executeTakeFirst();
      if (row === undefined) return undefined;
      const fence = row.fence + 1;
      await db.updateTable('undos').set({ fence, lease_until: leaseUntil }).where('task_id', '=', taskId).execute();
      return { ...undoRow({ ...row, fence }), id: taskId, fence };
    },

    async release(lease, { notBefore, failingSince }) {
      await held(db, lease);
      await update(db, lease, { not_before: notBefore, failing_since: failingSince, lease_until: null });
    },

    async settle(lease, end, now) {
      const row = await held(db, lease);
      const reason = end.state === 'undone' ? end.remark : end.reason;
      await update(db, lease, { state: end.state, reason, detail: end.detail, lease_until: null });
      await leavePlacesOfTask(db, row.task_id);
      const error = 'It was never sent: the pull request was closed already, or is left as it is.';
      await db
        .updateTable('effects')
        .set({ state: 'refused', error, lease_until: null })
        .where('task_id', '=', row.task_id)
        .where('state', '=', 'intended')
        .execute();
      await appendEnd(db, row, end, now);
      const left = await db
        .selectFrom('undos')
        .select('task_id')
        .where('fleet_id', '=', row.fleet_id)
        .where('state', '=', 'requested')
        .executeTakeFirst();
      if (left === undefined) await turn(db, row.fleet_id, now);
    },
  };
}

function requested(task: Selectable<TasksTable>, by: Person, now: number): Insertable<UndosTable> {
  return {
    task_id: task.id,
    fleet_id: task.fleet_id,
    repository_id: task.repository_id,
    branch: task.branch,
    requested_at: now,
    by_id: by.id,
    by_login: by.login,
    state: 'requested',
    reason: null,
    detail: null,
    not_before: now,
    failing_since: null,
    fence: 0,
    lease_until: null,
  };
}

/** People wait for it: the tracking issue is written at once. */
async function turn(db: Db, fleetId: string, now: number): Promise<void> {
  await db.updateTable('fleets').set({ turned_at: now }).where('id', '=', fleetId).execute();
}

async function appendEnd(db: Db, { task_id: taskId, fleet_id }: Selectable<UndosTable>, end: UndoEnd, now: number) {
  const task = await db.selectFrom('tasks').selectAll().where('id', '=', taskId).executeTakeFirstOrThrow();
  const pullRequest = task.pull_request_number;
  if (pullRequest === null) throw new Error(`Task ${taskId} has no pull request that could be undone.`);
  const event =
    end.state === 'undone'
      ? ({ type: 'pull_request_undone', v: 1, taskId, pullRequest, remark: end.remark } as const)
      : ({ type: 'pull_request_kept', v: 1, taskId, pullRequest, reason: end.reason } as const);
  const sha = end.state === 'undone' ? end.deleted : undefined;
  const deleted = sha === undefined ? [] : [{ type: 'branch_deleted', v: 1, taskId, sha } as const];
  await appendEvents(db, fleet_id, now, [...deleted, event]);
}

async function held(db: Db, lease: Lease): Promise<Selectable<UndosTable>> {
  const row = await db
    .selectFrom('undos')
    .selectAll()
    .where('task_id', '=', lease.id)
    .where('fence', '=', lease.fence)
    .where('lease_until', 'is not', null)
    .executeTakeFirst();
  if (row === undefined)
    throw new FenceLost(`The undo of task ${lease.id} is no longer held under fence ${lease.fence}.`);
  return row;
}

async function update(db: Db, { id }: Lease, change: Partial<UndosTable>): Promise<void> {
  await db.updateTable('undos').set(change).where('task_id', '=', id).execute();
}

/** At start, when nobody of an earlier process can be at work. */
export async function orphanUndos(db: Db): Promise<void> {
  await db
    .updateTable('undos')
    .set((eb) => ({ fence: eb('fence', '+', 1), lease_until: null }))
    .where('lease_until', 'is not', null)
    .execute();
}
