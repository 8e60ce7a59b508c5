import type { FleetRow, FleetWrites } from './contract/fleets.ts';
import { FenceLost, type Lease } from './contract/lease.ts';
import { appendEvents } from './events.ts';
import { fleetRow, fleetRows, LEAN_COLUMNS, theFleet } from './fleet-rows.ts';
import type { Db, FleetsTable } from './schema.ts';

type ReportWrites = Pick<FleetWrites, 'noteEdit' | 'claimReport' | 'reported' | 'releaseReport'>;

/** A report is due when events are ahead of it; a boolean flag would lose those that come while it is being written. */
function behind(db: Db, now: number) {
  return db
    .selectFrom('fleets')
    .select(LEAN_COLUMNS)
    .where((eb) => eb('event_seq', '>', eb.ref('reported_seq')))
    .where('report_not_before', '<=', now)
    .where((eb) => eb.or([eb('report_lease_until', 'is', null), eb('report_lease_until', '<', now)]));
}

export async function reportsBehind(db: Db, now: number): Promise<FleetRow[]> {
  return fleetRows(db, await behind(db, now).orderBy('seq').execute());
}

export function reportWrites(db: Db): ReportWrites {
  return {
    async noteEdit(id, by, now) {
      const fleet = await theFleet(db, id);
      if (fleet.edited_seq > fleet.put_back_seq && fleet.edited_fence === fleet.report_fence) return;
      const seq = await appendEvents(db, id, now, [{ type: 'issue_edited', v: 1, by: by.login }]);
      await db
        .updateTable('fleets')
        .set({ edited_seq: seq, edited_fence: fleet.report_fence })
        .where('id', '=', id)
        .execute();
    },
    async claimReport(id, now, leaseUntil) {
      const free = await behind(db, now).where('id', '=', id).executeTakeFirst();
      if (free === undefined) return undefined;
      const fence = free.report_fence + 1;
      await db
        .updateTable('fleets')
        .set({ report_fence: fence, report_lease_until: leaseUntil })
        .where('id', '=', id)
        .execute();
      return { ...(await fleetRow(db, free)), fence };
    },
    async reported(lease, report) {
      await underFence(db, lease, {
        reported_seq: report.seq,
        reported_at: report.at,
        reported_pages: JSON.stringify(report.pages),
        report_lease_until: null,
        report_not_before: 0,
        ...(report.putBack === undefined ? {} : { put_back_seq: report.putBack }),
      });
    },
    async releaseReport(lease, notBefore) {
      await underFence(db, lease, { report_lease_until: null, report_not_before: notBefore });
    },
  };
}

async function underFence(db: Db, lease: Lease, change: Partial<FleetsTable>): Promise<void> {
  const result = await db
    .updateTable('fleets')
    .set(change)
    .where('id', '=', lease.id)
    .where('report_fence', '=', lease.fence)
    .where('report_lease_until', 'is not', null)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) {
    throw new FenceLost(`The report of fleet ${lease.id} is no longer held under fence ${lease.fence}.`);
  }
}

export async function orphanReports(db: Db): Promise<void> {
  await db
    .updateTable('fleets')
    .set((eb) => ({ report_fence: eb('report_fence', '+', 1), report_lease_until: null }))
    .where('report_lease_until', 'is not', null)
    .execute();
}
