import { type ExpressionBuilder, sql } from 'kysely';
import { closedInstallations } from './budget.ts';
import { ABANDONMENTS, isPatient, type TaskWrites } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import type { Db, Schema } from './schema.ts';
import { endTask } from './task-ending.ts';
import { requeueTask } from './task-requeueing.ts';
import { assertTransition, heldTask, taskRow, updateTask } from './task-rows.ts';

type AdmissionWrites = Pick<
  TaskWrites,
  'admissible' | 'parked' | 'start' | 'extend' | 'requeue' | 'abandon' | 'abandoned'
>;

export function admissionWrites(db: Db): AdmissionWrites {
  return {
    async admissible(fleetId, now, limit, begun = false) {
      const rows = await startable(db, now, fleetId)
        .where('tasks.fleet_id', '=', fleetId)
        .where('tasks.publishing_at', 'is', null)
        .$if(begun, (query) => query.where('tasks.journal', 'is not', null))
        .orderBy('tasks.position')
        .limit(limit)
        .execute();
      return rows.map(taskRow);
    },

    async parked(now) {
      const rows = await startable(db, now, null)
        .where('tasks.publishing_at', 'is not', null)
        .orderBy('tasks.not_before')
        .orderBy('fleets.seq')
        .orderBy('tasks.position')
        .execute();
      return rows.map(taskRow);
    },

    async start(id, now, leaseUntil) {
      const task = await startable(db, now, null).where('tasks.id', '=', id).executeTakeFirst();
      if (task === undefined) return undefined;
      assertTransition(id, task.status, 'running');
      // One that had begun to publish, or can be resumed, goes on with the same attempt: its nodes do not run again.
      const goesOn = task.publishing_at !== null || task.journal !== null;
      const attempt = goesOn ? task.attempt : task.attempt + 1;
      const startedAt = goesOn ? (task.started_at ?? now) : now;
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
      // What could end the process is the workflow's work, and that is over.
      const publishes = isPatient(task.publishing_at, now);
      const abandonments = task.abandonments + (publishes ? 0 : 1);
      await updateTask(db, task.id, { abandonments });
      if (publishes || abandonments < ABANDONMENTS) {
        await requeueTask(db, task, 'The process that worked on it ended.', now, now);
        return;
      }
      const reason =
        `The server's process ended ${abandonments} times while this task ran, so it is not tried again. ` +
        "It may need more memory or disk than the server has; the server's and the system's logs of those times say more.";
      await endTask(db, task, { status: 'failed', category: 'too_large', reason }, now);
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

/** In the words of the index `tasks_one_live_per_branch`: SQLite would else read every task that the repository ever had. */
const isLive = sql<boolean>`live.status in ('running', 'waiting')`;

/** Queued tasks whose fleet may run them and whose (repository, branch) no live task holds, nor an undo. */
function startable(db: Db, now: number, fleetId: string | null) {
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
    .where((eb) => eb.or([eb('tasks.publishing_at', 'is not', null), isReleased(eb, fleetId)]))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('tasks as live')
            .select('live.id')
            .whereRef('live.repository_id', '=', 'tasks.repository_id')
            .whereRef('live.branch', '=', 'tasks.branch')
            .where(isLive),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('undos')
            .select('undos.task_id')
            .whereRef('undos.repository_id', '=', 'tasks.repository_id')
            .whereRef('undos.branch', '=', 'tasks.branch')
            .where('undos.state', '=', 'requested'),
        ),
      ),
    );
}

/** By its wave, and by the tasks that its `after` wants ended first: those of earlier waves have ended anyway. */
function isReleased(eb: ExpressionBuilder<Schema, 'tasks' | 'fleets'>, fleetId: string | null) {
  const unended = eb
    .selectFrom('tasks as live')
    .innerJoin('fleets as its', 'its.id', 'live.fleet_id')
    .select((one) => one.fn.min('live.stage').as('stage'))
    .where('live.status', 'in', ['queued', 'running', 'waiting'])
    .where((one) => one('live.wave', '<=', one.ref('its.wave')));
  // With the fleet as a value the stage is looked up once, and not for each of thousands of queued tasks.
  const lowest =
    fleetId === null
      ? unended.whereRef('live.fleet_id', '=', 'tasks.fleet_id')
      : unended.where('live.fleet_id', '=', fleetId);
  const mayBegin = eb.and([
    eb('fleets.gate', 'is', null),
    eb('tasks.wave', '<=', eb.ref('fleets.wave')),
    // Of a fleet without `after` every task has the lowest stage, so that nobody looks through thousands for it.
    eb.or([eb('tasks.stage', '=', 0), eb('tasks.stage', '<=', lowest)]),
  ]);
  // A gate holds what has not begun: a task that waited for a person has, and goes on with their answer.
  return eb.and([eb('fleets.paused_at', 'is', null), eb.or([eb('tasks.journal', 'is not', null), mayBegin])]);
}

/** Lease 0 is before any clock: `abandoned` finds it at once. */
export async function orphanTasks(db: Db): Promise<void> {
  await db
    .updateTable('tasks')
    .set((eb) => ({ fence: eb('fence', '+', 1), lease_until: 0 }))
    .where('status', '=', 'running')
    .execute();
}
