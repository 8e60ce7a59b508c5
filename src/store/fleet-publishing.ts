import type { FleetEvent } from '../core/events.ts';
import type { FleetWrites } from './contract/fleets.ts';
import { appendEvents } from './events.ts';
import { theFleet } from './fleet-rows.ts';
import { requireNotCancelling, turn } from './fleet-turns.ts';
import { inChunks } from './rows.ts';
import type { Db } from './schema.ts';

/** How what a preview prepared goes on to its pull request. */
export function publishingWrites(db: Db): Pick<FleetWrites, 'publish'> {
  return {
    async publish(id, taskIds, by, now) {
      const fleet = await theFleet(db, id);
      requireNotCancelling(fleet);
      const queued = await queueToPublish(db, id, taskIds, now);
      if (queued.length === 0) return 0;
      await turn(db, fleet, by, now);
      await appendEvents(db, id, now, [
        { type: 'fleet_publish_requested', v: 1, by: by.login, tasks: queued.length },
        ...queued.map((taskId): FleetEvent => ({ type: 'task_publish_requested', v: 1, taskId })),
      ]);
      return queued.length;
    },
  };
}

/** Ids in plan order. The journal stays, from which the worker goes on. */
async function queueToPublish(db: Db, fleetId: string, taskIds: readonly string[], now: number): Promise<string[]> {
  const queued: { id: string; position: number }[] = [];
  for (const chunk of inChunks(taskIds)) {
    const rows = await db
      .updateTable('tasks')
      .set({
        status: 'queued',
        publish_asked: 1,
        outcome: null,
        reason: null,
        started_at: null,
        ended_at: null,
        cancel_requested: 0,
        abandonments: 0,
        not_before: now,
      })
      .where('fleet_id', '=', fleetId)
      .where('id', 'in', chunk)
      .where('status', '=', 'completed')
      .where('outcome', '=', 'prepared')
      .returning(['id', 'position'])
      .execute();
    queued.push(...rows);
  }
  return queued.toSorted((a, b) => a.position - b.position).map(({ id }) => id);
}
