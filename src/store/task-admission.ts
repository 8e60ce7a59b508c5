import type { Selectable } from 'kysely';
import { closedInstallations } from './budget.ts';
import { ABANDONMENTS, type TaskWrites } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import type { Db, TasksTable } from './schema.ts';
import { endTask } from './task-ending.ts';
import { assertTransition, heldTask, taskRow, updateTask } from './task-rows.ts';

type AdmissionWrites = Pick<
  TaskWrites,
  'admissible' | 'parked' | 'start' | 'extend' | 'requeue' | 'abandon' | 'abandoned'
>;

export function admissionWrites(db: Db): AdmissionWrites {
  return {
    async admissible(fleetId, now, limit) {
      const rows = await startable(db, now)
        .where('tasks.fleet_id', '=', fleetId)
        .where('tasks.publishing_at', 'is', null)
        .orderBy('tasks.position')
        .limit(limit)
        .execute();
      return rows.map(taskRow);
    },

    async parked(now) {
      const rows = await startable(db, now)
        .where('tasks.publishing_at', 'is not', null)
        .orderBy('tasks.not_before')
        .orderBy('fleets.seq')
        .orderBy('tasks.position')
        .execute();
      return rows.map(taskRow);
    },

    async start(id, now, leaseUntil) {
      const task = await startable(db, now).where('tasks.id', '=', id).executeTakeFirst();
      if (task === undefined) return undefined;
      assertTransition(id, task.status, 'running');
      // A task that had begun to publish goes on with the same attempt: its nodes do not run again.
      const attempt = task.publishing_at === null ? task.attempt + 1 : task.attempt;
      const startedAt = task.publishing_at === null ? now : (task.started_at ?? now);
      const row = await db
        .updateTable('tasks')
        .set({ status: 'running', attempt, fence: task.fence + 1, lease_until: leaseUntil, started_at: startedAt })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendEvents(db, task.fleet_id, now, [{ type: 'task_started', v: 1, taskId: id, attempt }]);
      return taskRow(row);
    },

    async extend(lease, leaseUntil) {
      const task = await heldTask(db, lease);
      await updateTask(db, task.id, { lease_until: leaseUntil });
    },

    async requeue(lease, reason, notBefore, now) {
      await requeueTask(db, await heldTask(db, lease), reason, notBefore, now);
    },

    async abandon(lease, now) {
      const task = await heldTask(db, lease);
      const abandonments = task.abandonments + 1;
      await updateTask(db, task.id, { abandonments });
      if (abandonments < ABANDONMENTS) {
        await requeueTask(db, task, 'The process that worked on it ended.', now, now);
        return;
      }
      const reason =
        `The server's process ended ${abandonments} times while this task ran, so it is not tried again. ` +
        "It may need more memory or disk than the server has; the server's log of those times says more.";
      await endTask(db, task, { status: 'failed', category: 'internal', reason }, now);
    },

    async abandoned(now) {
      const rows = await db
        .selectFrom('tasks')
        .selectAll()
        .where('status', '=', 'running')
        .where('lease_until', '<', now)
        .orderBy('started_at')
        .execute();
      return rows.map(taskRow);
    },
  };
}

async function requeueTask(
  db: Db,
  task: Selectable<TasksTable>,
  reason: string,
  notBefore: number,
  now: number,
): Promise<void> {
  if (task.cancel_requested === 1) {
    await endTask(db, task, { status: 'cancelled', reason: 'The fleet was cancelled.' }, now);
    return;
  }
  assertTransition(task.id, task.status, 'queued');
  await updateTask(db, task.id, { status: 'queued', lease_until: null, not_before: notBefore });
  await appendEvents(db, task.fleet_id, now, [{ type: 'task_requeued', v: 1, taskId: task.id, reason }]);
}

/** Queued tasks whose fleet may run them and whose (repository, branch) no live task holds. */
function startable(db: Db, now: number) {
  return db
    .selectFrom('tasks')
    .innerJoin('fleets', 'fleets.id', 'tasks.fleet_id')
    .selectAll('tasks')
    .where('tasks.status', '=', 'queued')
    .where('tasks.not_before', '<=', now)
    .where('fleets.ended_at', 'is', null)
    .where('fleets.approved_at', 'is not', null)
    .where((eb) => eb.or([eb('fleets.issue_number', 'is not', null), eb('fleets.reported_at', 'is not', null)]))
    .where('fleets.installation_id', 'not in', closedInstallations(db, now))
    .where((eb) => eb.or([eb('fleets.cancel_requested_at', 'is', null), eb('tasks.publishing_at', 'is not', null)]))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('tasks as live')
            .select('live.id')
            .whereRef('live.repository_id', '=', 'tasks.repository_id')
            .whereRef('live.branch', '=', 'tasks.branch')
            .where('live.status', 'in', ['running', 'waiting']),
        ),
      ),
    );
}

/** Lease 0 is before any clock: `abandoned` finds it at once. */
export async function orphanTasks(db: Db): Promise<void> {
  await db
    .updateTable('tasks')
    .set((eb) => ({ fence: eb('fence', '+', 1), lease_until: 0 }))
    .where('status', '=', 'running')
    .execute();
}
