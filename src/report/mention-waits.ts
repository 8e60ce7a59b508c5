import type { FleetRow } from '../store/contract/fleets.ts';
import type { NotificationRow } from '../store/contract/notifications.ts';
import { performFor, type ReportRun } from './report-run.ts';

/** Effect key of the comment that tells somebody that the fleet waits. */
const mentionKey = ({ fleetId, eventSeq }: Pick<NotificationRow, 'fleetId' | 'eventSeq'>): string =>
  `mention:${fleetId}:${eventSeq}`;

/** One comment for each time that the fleet began to wait. Throws EffectPending. */
export async function mentionWaits(run: ReportRun, issue: NonNullable<FleetRow['trackingIssue']>): Promise<void> {
  const { store, fleet } = run;
  if (!fleet.plan.notify.mention) return;
  for (const row of await store.read.notifications.ofFleet(fleet.id)) {
    if (row.mention === null) continue;
    const known = await store.read.effects.byKey(mentionKey(row));
    if (known?.state === 'done' || known?.state === 'refused') continue;
    await performFor(run, mentionKey(row), {
      kind: 'comment',
      repository: fleet.controlRepository,
      number: issue.number,
      body: row.mention,
    });
  }
}
