import { notificationBody } from '../core/notifications/body.ts';
import { type Moment, momentsSince } from '../core/notifications/moments.ts';
import { openApprovals } from '../core/open-approvals.ts';
import { mentionOf, waitingComment } from '../core/render/mention.ts';
import type { TrackingIssueFacts } from '../core/render/views.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { NewNotification } from '../store/contract/notifications.ts';
import type { ReportRun } from './report-run.ts';

/**
 * Keeps the moments that people are to be told of, each once, before anybody is: what is told is told from the rows. After
 * the tracking issue, so that whoever follows the link finds there what they were told.
 */
export async function noteMoments(
  run: ReportRun,
  facts: TrackingIssueFacts,
  issue: FleetRow['trackingIssue'],
): Promise<void> {
  const { store, fleet, clock } = run;
  const { mention, webhook } = fleet.plan.notify;
  if (!mention && webhook === null) return;
  const mark = await store.read.notifications.markOf(fleet.id);
  if (mark >= fleet.eventSeq) return;
  const events = (await store.read.events.ofFleet(fleet.id, mark)).filter(({ seq }) => seq <= fleet.eventSeq);
  const open = openApprovals(facts.approvals, facts.tasks).map(({ approval }) => approval);
  const moments = momentsSince({ fleet, open }, events);
  const rows = moments.map((moment) => rowOf(run, moment, facts, issue));
  await store.write((tx) => tx.notifications.note(fleet.id, fleet.eventSeq, rows, clock.now()));
}

function rowOf(
  { fleet, clock, newNotificationId }: ReportRun,
  moment: Moment,
  { status, tasks }: TrackingIssueFacts,
  issue: FleetRow['trackingIssue'],
): NewNotification {
  const id = newNotificationId();
  const mention = mentionOf(fleet);
  const facts = { fleet: { ...fleet, trackingIssue: issue }, status, tasks };
  return {
    id,
    eventSeq: moment.seq,
    kind: moment.kind,
    // The comment at the end is there anyway.
    mention: moment.kind === 'ended' || mention === '' ? null : waitingComment(mention, moment, tasks.length),
    body: fleet.plan.notify.webhook === null ? null : notificationBody(id, clock.now(), moment, facts),
  };
}
