import type { Selectable } from 'kysely';
import type { FleetEvent } from '../core/events.ts';
import { leavePlacesOfTask } from './budget.ts';
import type { TaskEnd } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import { endFleetWhenDone } from './fleet-ending.ts';
import type { Db, TasksTable } from './schema.ts';
import { assertTransition, updateTask } from './task-rows.ts';

/** Ends the task with its event, and with it the fleet when it was the last one. */
export async function endTask(db: Db, task: Selectable<TasksTable>, end: TaskEnd, now: number): Promise<void> {
  assertTransition(task.id, task.status, end.status);
  await updateTask(db, task.id, { status: end.status, ended_at: now, lease_until: null, ...resultOf(end) });
  await leavePlacesOfTask(db, task.id);
  await appendEvents(db, task.fleet_id, now, [eventOf(task.id, end)]);
  await endFleetWhenDone(db, task.fleet_id, now);
}

function resultOf(end: TaskEnd): Partial<TasksTable> {
  switch (end.status) {
    case 'completed':
      return {
        outcome: end.outcome,
        category: null,
        reason: end.reason,
        warnings: JSON.stringify(end.warnings),
        pull_request_number: end.pullRequest?.number ?? null,
        pull_request_url: end.pullRequest?.url ?? null,
      };
    case 'failed':
    case 'timed_out':
      return { outcome: null, category: end.category, reason: end.reason };
    case 'cancelled':
      return { outcome: null, category: 'cancelled', reason: end.reason };
  }
}

function eventOf(taskId: string, end: TaskEnd): FleetEvent {
  switch (end.status) {
    case 'completed':
      return {
        type: 'task_completed',
        v: 1,
        taskId,
        outcome: end.outcome,
        pullRequest: end.pullRequest?.number ?? null,
      };
    case 'failed':
      return { type: 'task_failed', v: 1, taskId, category: end.category };
    case 'timed_out':
      return { type: 'task_timed_out', v: 1, taskId };
    case 'cancelled':
      return { type: 'task_cancelled', v: 1, taskId };
  }
}

/**
 * Cancels the fleet's queued tasks in plan order. One that had begun to publish before its worker was lost stays:
 * from there on a task finishes its pull request.
 */
export async function cancelQueued(db: Db, fleetId: string, reason: string, now: number): Promise<void> {
  const cancelled = await db
    .updateTable('tasks')
    .set({ status: 'cancelled', category: 'cancelled', reason, ended_at: now })
    .where('fleet_id', '=', fleetId)
    .where('status', '=', 'queued')
    .where('publishing_at', 'is', null)
    .returning(['id', 'position'])
    .execute();
  if (cancelled.length === 0) return;
  const inOrder = cancelled.toSorted((a, b) => a.position - b.position);
  await appendEvents(
    db,
    fleetId,
    now,
    inOrder.map(({ id }) => ({ type: 'task_cancelled', v: 1, taskId: id })),
  );
}
