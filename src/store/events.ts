import type { Selectable } from 'kysely';
import type { FleetEvent, RecordedEvent } from '../core/events.ts';
import type { EventReads, EventWrites } from './contract/events.ts';
import { readEvent } from './documents.ts';
import { inChunks } from './rows.ts';
import type { Db, EventsTable } from './schema.ts';

export function eventReads(db: Db): EventReads {
  const recorded = (row: Selectable<EventsTable>): RecordedEvent => ({
    fleetId: row.fleet_id,
    seq: row.seq,
    at: row.at,
    event: readEvent(row.body),
  });
  return {
    async ofFleet(fleetId, after = 0, limit) {
      const wanted = db
        .selectFrom('events')
        .selectAll()
        .where('fleet_id', '=', fleetId)
        .where('seq', '>', after)
        .orderBy('seq');
      const rows = await (limit === undefined ? wanted : wanted.limit(limit)).execute();
      return rows.map(recorded);
    },
    async newest(fleetIds) {
      if (fleetIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('events')
        .select((eb) => ['fleet_id', eb.fn.max('seq').as('seq')])
        .where('fleet_id', 'in', fleetIds)
        .groupBy('fleet_id')
        .execute();
      return new Map(rows.map(({ fleet_id, seq }) => [fleet_id, seq]));
    },
    async lastOfFleet(fleetId, types, limit) {
      const rows = await db
        .selectFrom('events')
        .selectAll()
        .where('fleet_id', '=', fleetId)
        .where('type', 'in', types)
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(recorded).reverse();
    },
  };
}

export function eventWrites(db: Db): EventWrites {
  return { append: (fleetId, at, event) => appendEvents(db, fleetId, at, [event]) };
}

/** Counts under the fleet's row, so that two writers can never take one number. Returns the last number. */
export async function appendEvents(
  db: Db,
  fleetId: string,
  at: number,
  events: readonly FleetEvent[],
): Promise<number> {
  const fleet = await db
    .updateTable('fleets')
    .set((eb) => ({ event_seq: eb('event_seq', '+', events.length) }))
    .where('id', '=', fleetId)
    .returning('event_seq')
    .executeTakeFirst();
  if (fleet === undefined) throw new Error(`There is no fleet ${fleetId} to record an event of.`);
  const first = fleet.event_seq - events.length + 1;
  const rows = events.map((event, index) => ({
    fleet_id: fleetId,
    seq: first + index,
    at,
    type: event.type,
    v: event.v,
    body: JSON.stringify(event),
  }));
  for (const chunk of inChunks(rows)) await db.insertInto('events').values(chunk).execute();
  return fleet.event_seq;
}
