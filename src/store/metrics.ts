import { sql } from 'kysely';
import type { FleetTimes, LiveFleet, MetricReads, QueuedUnits, TaskGroup } from './contract/metrics.ts';
import { diskReads } from './disk.ts';
import { readEvent } from './documents.ts';
import type { Db } from './schema.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * SQLite's own number of a row: events have no other order over all fleets. They are never removed, so that it only
 * grows, and stays over a `vacuum`. Another database needs a column for it.
 */
const recordedAs = sql<number>`events.rowid`;

export function metricReads(db: Db): MetricReads {
  return {
    live: () => liveFleets(db),
    queues: () => queuedUnits(db),

    async budgets(now, limit) {
      const { rows } = await sql<{ id: number; minute: number; hour: number; waiting: number; until: number | null }>`
        select known.id as id,
          (select count(*) from reservations as sent
            where sent.installation_id = known.id and sent.at > ${now - MINUTE}) as minute,
          (select count(*) from reservations as sent
            where sent.installation_id = known.id and sent.at > ${now - HOUR}) as hour,
          (select count(*) from places where places.installation_id = known.id) as waiting,
          (select until from closings where closings.installation_id = known.id and until > ${now}) as until
        from (
          select installation_id as id from reservations where at > ${now - DAY}
          union select installation_id from places
          union select installation_id from closings where until > ${now}
        ) as known
        order by known.id limit ${limit}`.execute(db);
      return rows.map(({ id, minute, hour, waiting, until }) => ({
        installationId: id,
        sentInMinute: minute,
        sentInHour: hour,
        waiting,
        closedUntil: until ?? 0,
      }));
    },

    async recorded(cursor, types, limit) {
      const rows = await db
        .selectFrom('events')
        .selectAll()
        .select(recordedAs.as('number'))
        .where(recordedAs, '>', cursor)
        .orderBy(recordedAs)
        .limit(limit)
        .execute();
      const counted = rows.filter(({ type }) => types.some((one) => one === type));
      return {
        cursor: rows.at(-1)?.number ?? cursor,
        events: counted.map(({ fleet_id: fleetId, seq, at, body }) => ({ fleetId, seq, at, event: readEvent(body) })),
      };
    },

    async logEnd() {
      const row = await db
        .selectFrom('events')
        .select(sql<number | null>`max(events.rowid)`.as('number'))
        .executeTakeFirst();
      return row?.number ?? 0;
    },

    async taskTimes(ids) {
      const rows = await db
        .selectFrom('tasks')
        .select(['id', 'started_at', 'ended_at', 'not_before'])
        .where('id', 'in', ids)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        notBefore: row.not_before,
      }));
    },

    async fleetTimes(ids) {
      const rows = await db.selectFrom('fleets').select(TIMES).where('id', 'in', ids).execute();
      return rows.map(fleetTimes);
    },
  };
}

const TIMES = ['id', 'workflow', 'created_at', 'approved_at', 'turned_at'] as const;

const fleetTimes = (row: {
  id: string;
  workflow: string;
  created_at: number;
  approved_at: number | null;
  turned_at: number | null;
}): FleetTimes => ({
  id: row.id,
  workflow: row.workflow,
  createdAt: row.created_at,
  approvedAt: row.approved_at,
  turnedAt: row.turned_at,
});

async function liveFleets(db: Db): Promise<LiveFleet[]> {
  const fleets = await db
    .selectFrom('fleets')
    .select([...TIMES, 'cancel_requested_at', 'gate', 'paused_at', 'wave'])
    // In no order: SQLite would else read every fleet that ever was in that one.
    .where('ended_at', 'is', null)
    .execute();
  const groups = await liveGroups(db);
  return fleets.map((fleet) => ({
    ...fleetTimes(fleet),
    cancelRequestedAt: fleet.cancel_requested_at,
    gate: fleet.gate,
    pausedAt: fleet.paused_at,
    wave: fleet.wave,
    groups: groups.get(fleet.id) ?? [],
  }));
}

async function liveGroups(db: Db): Promise<Map<string, TaskGroup[]>> {
  const rows = await db
    .selectFrom('tasks')
    .select(['fleet_id', 'status', 'outcome', 'wave'])
    .select([
      sql<number>`publishing_at is not null`.as('publishing'),
      sql<number>`count(*)`.as('count'),
      sql<number>`min(not_before)`.as('not_before'),
    ])
    .where('fleet_id', 'in', (eb) => eb.selectFrom('fleets').select('fleets.id').where('ended_at', 'is', null))
    .groupBy(['fleet_id', 'status', 'outcome', 'wave', sql`publishing_at is not null`])
    .execute();
  const groups = new Map<string, TaskGroup[]>();
  for (const { fleet_id: fleetId, publishing, not_before: notBefore, ...group } of rows) {
    const ofFleet = groups.get(fleetId) ?? [];
    ofFleet.push({ ...group, publishing: publishing === 1, notBefore });
    groups.set(fleetId, ofFleet);
  }
  return groups;
}

async function queuedUnits(db: Db): Promise<QueuedUnits> {
  // In the words of its index, of which one column is enough: unanswered deliveries are few among all that are kept.
  const deliveries = await db
    .selectFrom('deliveries')
    .select([sql<number>`count(*)`.as('count'), sql<number | null>`min(received_at)`.as('oldest')])
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  const reports = await db
    .selectFrom('fleets')
    .innerJoin('events', (join) =>
      join
        .onRef('events.fleet_id', '=', 'fleets.id')
        .on((eb) => eb('events.seq', '=', eb('fleets.reported_seq', '+', 1))),
    )
    .select([sql<number>`count(*)`.as('count'), sql<number | null>`min(events.at)`.as('oldest')])
    .where((eb) => eb('fleets.event_seq', '>', eb.ref('fleets.reported_seq')))
    .executeTakeFirstOrThrow();
  const effects = await db
    .selectFrom('effects')
    .select(['state', sql<number>`count(*)`.as('count')])
    .where(sql<boolean>`state in ('intended', 'sent', 'unknown')`)
    .groupBy('state')
    .execute();
  return {
    deliveries: { count: deliveries.count, oldestAt: deliveries.oldest },
    reports: { count: reports.count, oldestAt: reports.oldest },
    effects,
    diskFullSince: await diskReads(db).fullSince(),
  };
}
