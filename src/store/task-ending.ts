import type { Selectable } from 'kysely';
import type { FleetEvent } from '../core/events.ts';
import type { FailureCategory } from '../core/failures.ts';
import { leavePlacesOfTask } from './budget.ts';
import type { TaskEnd } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import { endFleetWhenDone } from './fleet-ending.ts';
import { turnGate } from './fleet-gates.ts';
import { forgetPatches } from './patches.ts';
import type { Db, TasksTable } from './schema.ts';
import { closeWaitingNodes } from './task-cancelling.ts';
import { assertTransition, updateTask } from './task-rows.ts';

/** Ends the task with its event, and with it the fleet when it was the last one. */
export async function endTask(db: Db, task: Selectable<TasksTable>, end: TaskEnd, now: number): Promise<void> {
  assertTransition(task.id, task.status, end.status);
  await updateTask(db, task.id, {
    status: end.status,
    ended_at: now,
    lease_until: null,
    ...(isPrepared(end) ? {} : { journal: null }),
    ...resultOf(end),
  });
  if (task.publish_asked === 1 || !isPrepared(end)) await forgetPatches(db, [task.id]);
  await closeWaitingNodes(db, [task.id], now);
  await leavePlacesOfTask(db, task.id);
  await appendEvents(db, task.fleet_id, now, [eventOf(task.id, end)]);
  await turnGate(db, task.fleet_id, now);
  await endFleetWhenDone(db, task.fleet_id, now);
}

const isPrepared = (end: TaskEnd): boolean => end.status === 'completed' && end.outcome === 'prepared';

/** All of them before the fleet is looked at: a look at each of thousands would hold up everybody else. */
export async function refuseTasks(
  db: Db,
  fleetId: string,
  refused: readonly { taskId: string; reason: string }[],
  { category, now }: { category: FailureCategory; now: number },
): Promise<void> {
  const events: FleetEvent[] = [];
  for (const { taskId, reason } of refused) {
    const row = await db
      .updateTable('tasks')
      .set({ status: 'failed', outcome: null, category, reason, ended_at: now, lease_until: null, journal: null })
      .where('id', '=', taskId)
      .where('fleet_id', '=', fleetId)
      .where('status', '=', 'queued')
      .where('publishing_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (row !== undefined) events.push({ type: 'task_failed', v: 1, taskId, category });
  }
  if (events.length === 0) return;
  await appendEvents(db, fleetId, now, events);
  await turnGate(db, fleetId, now);
  await endFleetWhenDone(db, fleetId, now);
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
