import type { FleetEvent } from '../core/events.ts';
import type { FleetReads, FleetWrites } from './contract/fleets.ts';
import { appendEvents } from './events.ts';
import { endFleet } from './fleet-ending.ts';
import { reportsBehind } from './fleet-reports.ts';
import { fleetRow, fleetRows, LEAN_COLUMNS, newFleetRow, theFleet } from './fleet-rows.ts';
import { forgetPatchesOfFleet } from './patches.ts';
import { inChunks, nextSeq } from './rows.ts';
import type { Db } from './schema.ts';
import { cancelQueued } from './task-cancelling.ts';
import { isParked, newTaskRow } from './task-rows.ts';

export function fleetReads(db: Db): FleetReads {
  const all = db.selectFrom('fleets').select(LEAN_COLUMNS);
  const one = async (query: typeof all) => {
    const row = await query.limit(1).executeTakeFirst();
    return row && (await fleetRow(db, row));
  };
  /** In an object: a query can be awaited, which would run it. */
  const endedBefore = async (fleetKey: string, before: string) => {
    const self = await db.selectFrom('fleets').select('seq').where('id', '=', before).executeTakeFirst();
    const ended = all.where('fleet_key', '=', fleetKey).where('ended_at', 'is not', null);
    return { query: self === undefined ? ended : ended.where('seq', '<', self.seq) };
  };
  return {
    get: (id) => one(all.where('id', '=', id)),
    async isPaused(id) {
      const row = await db.selectFrom('fleets').select('paused_at').where('id', '=', id).executeTakeFirst();
      return row !== undefined && row.paused_at !== null;
    },
    unendedByKey: (fleetKey) => one(all.where('fleet_key', '=', fleetKey).where('ended_at', 'is', null)),
    byDelivery: (deliveryId) => one(all.where('delivery_id', '=', deliveryId)),
    byIdempotencyKey: (installationId, controlRepositoryId, key) =>
      one(
        all
          .where('installation_id', '=', installationId)
          .where('control_repository_id', '=', controlRepositoryId)
          .where('idempotency_key', '=', key),
      ),
    byTrackingIssue: (controlRepositoryId, issueNumber) =>
      one(
        all
          .where('control_repository_id', '=', controlRepositoryId)
          .where('issue_number', '=', issueNumber)
          .orderBy('seq', 'desc'),
      ),
    /** A rerun updates the pull request of the fleet before it, so the newest one is meant. */
    byPullRequest: (repositoryId, pullRequest) =>
      one(
        all
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom('tasks')
                .select('tasks.id')
                .whereRef('tasks.fleet_id', '=', 'fleets.id')
                .where('tasks.repository_id', '=', repositoryId)
                .where('tasks.pull_request_number', '=', pullRequest),
            ),
          )
          .orderBy('seq', 'desc'),
      ),
    async ofControlRepository(controlRepositoryId, limit) {
      const rows = await all
        .where('control_repository_id', '=', controlRepositoryId)
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return fleetRows(db, rows);
    },
    previousOfKey: async (fleetKey, before) => one((await endedBefore(fleetKey, before)).query.orderBy('seq', 'desc')),
    async endedOfKeyWithoutSuccessor(fleetKey, before) {
      const ended = await endedBefore(fleetKey, before);
      return fleetRows(db, await ended.query.where('superseded_by', 'is', null).orderBy('seq').execute());
    },
    async all() {
      return fleetRows(db, await all.orderBy('seq').execute());
    },
    async unended() {
      return fleetRows(db, await all.where('ended_at', 'is', null).orderBy('seq').execute());
    },
    async expired(now) {
      const rows = await all
        .where('ended_at', 'is', null)
        .where('approved_at', 'is', null)
        .where('expires_at', '<=', now)
        .orderBy('seq')
        .execute();
      return fleetRows(db, rows);
    },
    reportsBehind: (now) => reportsBehind(db, now),
    async loads() {
      return await db
        .selectFrom('fleets')
        .select((eb) => {
          const queuedOrRunning = eb
            .selectFrom('tasks')
            .select((count) => count.fn.countAll<number>().as('count'))
            .whereRef('tasks.fleet_id', '=', 'fleets.id');
          return [
            'fleets.id as fleetId',
            'fleets.run_as_id as userId',
            'fleets.parallel as parallel',
            queuedOrRunning.where('tasks.status', '=', 'running').$asScalar().$notNull().as('running'),
            queuedOrRunning.where(isParked).$asScalar().$notNull().as('parked'),
          ];
        })
        .where('fleets.ended_at', 'is', null)
        .where('fleets.approved_at', 'is not', null)
        .orderBy('fleets.seq')
        .execute();
    },
  };
}

type FleetStateWrites = Pick<
  FleetWrites,
  'insert' | 'approve' | 'requestCancel' | 'reject' | 'expire' | 'end' | 'supersede' | 'setTrackingIssue'
>;

export function fleetWrites(db: Db): FleetStateWrites {
  const reads = fleetReads(db);
  return {
    async insert(fleet, tasks, event) {
      if (tasks.length === 0) throw new Error(`Fleet ${fleet.id} has no task: an empty selection is an error before.`);
      const conflict =
        (await reads.byDelivery(fleet.deliveryId)) ??
        (fleet.idempotencyKey === null
          ? undefined
          : await reads.byIdempotencyKey(fleet.installationId, fleet.controlRepositoryId, fleet.idempotencyKey)) ??
        (await reads.unendedByKey(fleet.fleetKey));
      if (conflict !== undefined) return { inserted: false, conflict };
      await db
        .insertInto('fleets')
        .values(newFleetRow(fleet, await nextSeq(db, 'fleets')))
        .execute();
      const rows = tasks.map((task, position) =>
        newTaskRow({ ...task, fleetId: fleet.id, branch: fleet.branch, position }),
      );
      for (const chunk of inChunks(rows)) await db.insertInto('tasks').values(chunk).execute();
      await appendEvents(db, fleet.id, fleet.createdAt, [event]);
      return { inserted: true };
    },

    async approve(id, by, now) {
      const fleet = await theFleet(db, id);
      if (fleet.approved_at !== null) return;
      if (fleet.ended_at !== null) throw new Error(`Fleet ${id} ended: it cannot be approved any more.`);
      await db
        .updateTable('fleets')
        .set({ approved_at: now, approved_by_id: by.id, approved_by_login: by.login })
        .where('id', '=', id)
        .execute();
      await appendEvents(db, id, now, [{ type: 'fleet_approved', v: 1, by: by.login }]);
    },

    requestCancel: (id, now, by) => stop(db, id, now, { type: 'fleet_cancel_requested', v: 1, by: by.login }),

    reject: (id, on, by, now) => stop(db, id, now, { type: 'fleet_rejected', v: 1, by: by.login, on }),

    async expire(id, now) {
      const fleet = await theFleet(db, id);
      const due = fleet.expires_at !== null && fleet.expires_at <= now;
      if (fleet.approved_at !== null || fleet.ended_at !== null || !due) return;
      await db.updateTable('fleets').set({ cancel_requested_at: now }).where('id', '=', id).execute();
      await appendEvents(db, id, now, [{ type: 'fleet_expired', v: 1 }]);
      await cancelQueued(db, id, 'Nobody approved the plan in time.', now);
      await endFleet(db, id, now);
    },

    end: (id, now) => endFleet(db, id, now),

    async supersede(id, by, now) {
      const fleet = await theFleet(db, id);
      if (fleet.superseded_by !== null) return;
      await db.updateTable('fleets').set({ superseded_by: by }).where('id', '=', id).execute();
      await forgetPatchesOfFleet(db, id);
      await appendEvents(db, id, now, [{ type: 'fleet_superseded', v: 1, by }]);
    },

    async setTrackingIssue(id, issue) {
      await db
        .updateTable('fleets')
        .set({ issue_id: issue?.id ?? null, issue_number: issue?.number ?? null, issue_url: issue?.url ?? null })
        .where('id', '=', id)
        .execute();
    },
  };
}

/** No effect on a fleet that is being cancelled, or is over. */
async function stop(db: Db, id: string, now: number, event: FleetEvent): Promise<void> {
  const fleet = await theFleet(db, id);
  if (fleet.cancel_requested_at !== null || fleet.ended_at !== null) return;
  await db.updateTable('fleets').set({ cancel_requested_at: now }).where('id', '=', id).execute();
  await appendEvents(db, id, now, [event]);
}
