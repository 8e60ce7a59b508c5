import type { FleetEvent } from '../core/events.ts';
import type { FleetWrites } from './contract/fleets.ts';
import { appendEvents } from './events.ts';
import { turnGate } from './fleet-gates.ts';
import { type LeanRow, theFleet } from './fleet-rows.ts';
import { inChunks } from './rows.ts';
import type { Db } from './schema.ts';

type TurningWrites = Pick<FleetWrites, 'pause' | 'resume' | 'retry'>;

/** How people hold a fleet for a while, and try again what did not complete. */
export function turningWrites(db: Db): TurningWrites {
  return {
    async pause(id, by, now) {
      const fleet = await theFleet(db, id);
      const runs = fleet.approved_at !== null && fleet.ended_at === null && fleet.cancel_requested_at === null;
      if (!runs || fleet.paused_at !== null) return false;
      await db
        .updateTable('fleets')
        .set({ paused_at: now, paused_by_login: by.login, turned_at: now })
        .where('id', '=', id)
        .execute();
      await appendEvents(db, id, now, [{ type: 'fleet_paused', v: 1, by: by.login }]);
      return true;
    },

    async resume(id, by, now) {
      const fleet = await theFleet(db, id);
      if (fleet.paused_at === null || fleet.ended_at !== null || fleet.cancel_requested_at !== null) return false;
      await db
        .updateTable('fleets')
        .set({ paused_at: null, paused_by_login: null, turned_at: now })
        .where('id', '=', id)
        .execute();
      await appendEvents(db, id, now, [{ type: 'fleet_resumed', v: 1, by: by.login }]);
      return true;
    },

    async retry(id, taskIds, by, now) {
      const fleet = await theFleet(db, id);
      if (fleet.approved_at === null) throw new Error(`Fleet ${id} was never approved: nothing of it can be retried.`);
      requireNotCancelling(fleet);
      const queued = await queueAgain(db, id, taskIds, now);
      if (queued.length === 0) return 0;
      await turn(db, fleet, by, now);
      await appendEvents(db, id, now, [{ type: 'fleet_retried', v: 1, by: by.login, tasks: queued.length }]);
      const events = queued.map((taskId): FleetEvent => ({ type: 'task_retried', v: 1, taskId }));
      await appendEvents(db, id, now, events);
      // Where all of the released waves is over, nothing else would release the one in which these tasks are.
      await turnGate(db, id, now);
      return queued.length;
    },
  };
}

/** Throws for a caller that did not look before it queues more of the fleet. */
export function requireNotCancelling({ id, ended_at, cancel_requested_at }: LeanRow): void {
  if (ended_at === null && cancel_requested_at !== null) throw new Error(`Fleet ${id} is being cancelled.`);
}

/** Somebody had more of the fleet queued: its time counts from now, and one that had ended goes on. */
export async function turn(db: Db, { id, ended_at }: LeanRow, by: { login: string }, now: number): Promise<void> {
  await db.updateTable('fleets').set({ turned_at: now }).where('id', '=', id).execute();
  if (ended_at === null) return;
  await reopen(db, id, now);
  await appendEvents(db, id, now, [{ type: 'fleet_reopened', v: 1, by: by.login }]);
}

/** Failures of before were seen by whoever tries again: they do not halt it once more. */
async function reopen(db: Db, id: string, now: number): Promise<void> {
  await db
    .updateTable('fleets')
    .set({
      ended_at: null,
      cancel_requested_at: null,
      gate: null,
      gate_since: null,
      paused_at: null,
      paused_by_login: null,
      halts_since: now,
    })
    .where('id', '=', id)
    .execute();
}

/** Ids in plan order. */
async function queueAgain(db: Db, fleetId: string, taskIds: readonly string[], now: number): Promise<string[]> {
  const queued: { id: string; position: number }[] = [];
  for (const chunk of inChunks(taskIds)) {
    const rows = await db
      .updateTable('tasks')
      .set({
        status: 'queued',
        outcome: null,
        category: null,
        reason: null,
        warnings: '[]',
        started_at: null,
        ended_at: null,
        publishing_at: null,
        publishing_tree: null,
        journal: null,
        cancel_requested: 0,
        abandonments: 0,
        publish_asked: 0,
        ran_again: null,
        not_before: now,
      })
      .where('fleet_id', '=', fleetId)
      .where('id', 'in', chunk)
      .where('status', 'in', ['failed', 'timed_out', 'cancelled'])
      .returning(['id', 'position'])
      .execute();
    queued.push(...rows);
    const ids = rows.map(({ id }) => id);
    // Until its next attempt begins, a task's newest one is that which asked: nobody may answer for it any more.
    await db.deleteFrom('approvals').where('task_id', 'in', ids).where('answered_at', 'is', null).execute();
  }
  return queued.toSorted((a, b) => a.position - b.position).map(({ id }) => id);
}
