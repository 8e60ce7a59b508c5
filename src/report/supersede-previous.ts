import type { ReportRun } from './report-run.ts';

/**
 * Every ended fleet before this one that has no successor points here and is closed by its own report, once this one
 * runs and has an issue to point to. Several can be left: a plan that nobody approves supersedes nothing.
 */
export async function supersedePrevious({ store, fleet, clock }: ReportRun): Promise<void> {
  if (fleet.approvedAt === null) return;
  const previous = await store.read.fleets.endedOfKeyWithoutSuccessor(fleet.fleetKey, fleet.id);
  if (previous.length === 0) return;
  await store.write(async (tx) => {
    for (const { id } of previous) await tx.fleets.supersede(id, fleet.id, clock.now());
  });
}
