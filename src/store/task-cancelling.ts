import type { TaskRow } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import { forgetPatches } from './patches.ts';
import { inChunks } from './rows.ts';
import type { Db } from './schema.ts';
import { taskRow } from './task-rows.ts';

/**
 * Cancels the fleet's queued and waiting tasks in plan order. One that had begun to publish before its worker was lost stays:
 * from there on a task finishes its pull request.
 */
export async function cancelQueued(db: Db, fleetId: string, reason: string, now: number): Promise<void> {
  const cancelled = await db
    .updateTable('tasks')
    .set({ status: 'cancelled', category: 'cancelled', reason, ended_at: now, journal: null })
    .where('fleet_id', '=', fleetId)
    .where('status', 'in', ['queued', 'waiting'])
    .where('publishing_at', 'is', null)
    .returning(['id', 'position'])
    .execute();
  if (cancelled.length === 0) return;
  const ids = cancelled.map(({ id }) => id);
  for (const chunk of inChunks(ids)) await closeWaitingNodes(db, chunk, now);
  await forgetPatches(db, ids);
  const inOrder = cancelled.toSorted((a, b) => a.position - b.position);
  await appendEvents(
    db,
    fleetId,
    now,
    inOrder.map(({ id }) => ({ type: 'task_cancelled', v: 1, taskId: id })),
  );
}

/** Nobody waits for what they ask any more. */
export async function closeWaitingNodes(db: Db, taskIds: readonly string[], now: number): Promise<void> {
  await db
    .updateTable('nodes')
    .set({ status: 'failed', category: 'cancelled', reason: 'was not decided before the task ended.', ended_at: now })
    .where('task_id', 'in', taskIds)
    .where('status', '=', 'waiting')
    .execute();
}

/** The same, and marks the running ones that have not begun to publish, which are returned. */
export async function cancelTasks(db: Db, fleetId: string, reason: string, now: number): Promise<TaskRow[]> {
  await cancelQueued(db, fleetId, reason, now);
  const marked = await db
    .updateTable('tasks')
    .set({ cancel_requested: 1 })
    .where('fleet_id', '=', fleetId)
    .where('status', '=', 'running')
    .where('publishing_at', 'is', null)
    .returningAll()
    .execute();
  return marked.map(taskRow).sort((a, b) => a.position - b.position);
}
