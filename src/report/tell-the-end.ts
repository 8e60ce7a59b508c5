import { renderFinalComment } from '../core/render/final-comment.ts';
import { mentionOf } from '../core/render/mention.ts';
import type { TrackingIssueFacts } from '../core/render/views.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { finalKey, performFor, type ReportRun } from './report-run.ts';

/** The one comment at each end, which is the one notification that a fleet sends. Throws EffectPending. */
export async function tellTheEnd(
  run: ReportRun,
  facts: TrackingIssueFacts,
  issue: NonNullable<FleetRow['trackingIssue']>,
): Promise<void> {
  const { fleet } = run;
  if (fleet.endedAt === null) return;
  const mention = mentionOf(fleet);
  const body = `${mention === '' ? '' : `${mention} `}${renderFinalComment(facts)}`;
  await performFor(run, await finalKey(run), {
    kind: 'comment',
    repository: fleet.controlRepository,
    number: issue.number,
    body,
  });
}
