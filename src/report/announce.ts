import { noIssueReply, plannedReply, startedReply } from '../core/render/replies.ts';
import type { TrackingIssueFacts } from '../core/render/views.ts';
import { performFor, type ReportRun } from './report-run.ts';
import type { IssueWritten } from './write-issue.ts';

/** Tells where the command was given what became of it, once: a reaction and the tracking issue's link. Throws EffectPending. */
export async function announce(run: ReportRun, facts: TrackingIssueFacts, issue: IssueWritten): Promise<void> {
  const { fleet } = run;
  if (fleet.origin === null || fleet.reportedAt !== null) return;
  const repository = fleet.controlRepository;
  const { commentId, issueNumber } = fleet.origin;
  const reaction = issue.result === 'there' ? 'rocket' : 'confused';
  await performFor(run, `reaction:${fleet.deliveryId}:${reaction}`, {
    kind: 'reaction',
    repository,
    commentId,
    reaction,
  });
  const body = reply(facts, issue);
  await performFor(run, `reply:${fleet.deliveryId}`, { kind: 'comment', repository, number: issueNumber, body });
}

function reply({ fleet, status }: TrackingIssueFacts, issue: IssueWritten): string {
  const named = { id: fleet.id, issueUrl: issue.result === 'there' ? issue.issue.url : null };
  if (issue.result === 'refused') return noIssueReply(named, issue.error);
  if (status === 'planned') return plannedReply({ ...named, plan: fleet.plan, expiresAt: fleet.expiresAt });
  return startedReply({ ...named, plan: fleet.plan });
}
