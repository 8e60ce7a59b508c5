import { appendEvents } from './events.ts';
import { statusNow, theFleet } from './fleet-rows.ts';
import type { Db } from './schema.ts';

/** After a task ended: when it was the last one, its fleet ends in the same transaction. */
export async function endFleetWhenDone(db: Db, fleetId: string, now: number): Promise<void> {
  const live = await db
    .selectFrom('tasks')
    .select('id')
    .where('fleet_id', '=', fleetId)
    .where('status', 'in', ['queued', 'running', 'waiting'])
    .limit(1)
    .executeTakeFirst();
  if (live === undefined) await endFleet(db, fleetId, now);
}

/** Throws while a task is unended; no effect on a fleet that ended. */
export async function endFleet(db: Db, fleetId: string, now: number): Promise<void> {
  const fleet = await theFleet(db, fleetId);
  if (fleet.ended_at !== null) return;
  const { status, unended } = await statusNow(db, fleet);
  if (unended > 0) throw new Error(`Fleet ${fleetId} cannot end: ${unended} of its tasks have not.`);
  await db.updateTable('fleets').set({ ended_at: now }).where('id', '=', fleetId).execute();
  await appendEvents(db, fleetId, now, [{ type: 'fleet_ended', v: 1, status }]);
}
