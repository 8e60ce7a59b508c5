import type { Selectable } from 'kysely';
import { appendEvents } from './events.ts';
import { theFleet } from './fleet-rows.ts';
import type { Db, TasksTable } from './schema.ts';
import { endTask } from './task-ending.ts';
import { assertTransition, updateTask } from './task-rows.ts';

/** running → queued; or cancelled, as nobody would start a task of a fleet that is being cancelled. */
export async function requeueTask(
  db: Db,
  task: Selectable<TasksTable>,
  reason: string,
  notBefore: number,
  now: number,
): Promise<void> {
  if (await isCancelled(db, task)) {
    await endTask(db, task, { status: 'cancelled', reason: 'The fleet was cancelled.' }, now);
    return;
  }
  assertTransition(task.id, task.status, 'queued');
  await updateTask(db, task.id, { status: 'queued', lease_until: null, not_before: notBefore });
  // The next attempt asks anew: an answer would be seen by nobody.
  if (task.journal === null) await forgetQuestions(db, task, null);
  await appendEvents(db, task.fleet_id, now, [{ type: 'task_requeued', v: 1, taskId: task.id, reason }]);
}

async function isCancelled(db: Db, task: Selectable<TasksTable>): Promise<boolean> {
  if (task.cancel_requested === 1) return true;
  return task.publishing_at === null && (await theFleet(db, task.fleet_id)).cancel_requested_at !== null;
}

/** @param nodes whose questions are forgotten; null: all of the attempt */
export async function forgetQuestions(
  db: Db,
  { id, attempt }: Pick<Selectable<TasksTable>, 'id' | 'attempt'>,
  nodes: readonly string[] | null,
): Promise<void> {
  const ofAttempt = db.deleteFrom('approvals').where('task_id', '=', id).where('attempt', '=', attempt);
  await (nodes === null ? ofAttempt : ofAttempt.where('node_id', 'in', nodes)).execute();
}
