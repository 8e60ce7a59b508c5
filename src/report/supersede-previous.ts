import type { ReportRun } from './report-run.ts';

/**
 * The ended fleet before this one points here and is closed by its own report, once this one runs and has an issue to
 * point to. A plan that nobody approves supersedes nothing.
 */
export async function supersedePrevious({ store, fleet, clock }: ReportRun): Promise<void> {
  if (fleet.approvedAt === null) return;
  const previous = await store.read.fleets.previousOfKey(fleet.fleetKey, fleet.id);
  if (previous === undefined || previous.supersededBy !== null) return;
  await store.write((tx) => tx.fleets.supersede(previous.id, fleet.id, clock.now()));
}
