/** The last look: what an unanswered request made after all, beside what was made instead of it. */
import { readMarker, withMarker } from '../core/render/marker.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { FoundText } from '../ports/github-writes.ts';
import type { EffectRequest, EffectRow } from '../store/contract/effects.ts';
import { mentionKey } from './mention-waits.ts';
import { finalKey, performFor, type ReportRun } from './report-run.ts';
import { firstKey, secondKey } from './write-issue.ts';
import { type PagesWritten, pageKey } from './write-pages.ts';

/** How far GitHub's clock may be behind ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * At the end of a fleet, only for creations that once had no answer and were sent again: GitHub's lists can be stale, so
 * that two looks found nothing. An extra issue is closed, an extra comment says which one counts.
 * Throws EffectPending, and GitHubError when GitHub does not answer the look.
 */
export async function closeExtras(run: ReportRun, { issue, pages }: PagesWritten): Promise<void> {
  const { store, fleet, log } = run;
  if (fleet.endedAt === null) return;
  const keys = [
    firstKey(fleet.id),
    secondKey(fleet.id),
    `reply:${fleet.deliveryId}`,
    await finalKey(run),
    ...(await store.read.notifications.ofFleet(fleet.id)).map(mentionKey),
    ...pages.map((_, index) => pageKey(fleet.id, issue.number, index)),
  ];
  for (const key of keys) {
    const creation = await store.read.effects.byKey(key);
    if (creation === undefined || creation.result === null || !wasSentAgain(creation)) continue;
    if (run.lookedForExtras.has(creation.id)) continue;
    try {
      for (const extra of await extrasOf(run, creation)) await close(run, creation, extra);
    } catch (error) {
      if (!(error instanceof GitHubError) || error.kind !== 'refused') throw error;
      log.warn({ fleet: fleet.id, effect: key, err: error }, 'GitHub refused the last look for duplicates');
    }
    run.lookedForExtras.add(creation.id);
  }
}

/** What was sent once has made one at most. */
function wasSentAgain({ unanswered, unansweredSince, sentAt }: EffectRow): boolean {
  return unanswered > 0 && sentAt !== unansweredSince;
}

/** By our bot and with this effect's marker, but not the one that the effect is known to have made. */
async function extrasOf(run: ReportRun, creation: EffectRow): Promise<FoundText[]> {
  const { botId } = await run.github.identity();
  const found = await listed(run, creation.request, creation.intendedAt - CLOCK_SKEW_MS);
  return found.filter(
    (text) => text.authorId === botId && readMarker(text.body) === creation.id && text.id !== creation.result?.id,
  );
}

function listed({ github, fleet }: ReportRun, request: EffectRequest, since: number): Promise<FoundText[]> {
  const writes = github.writes(fleet.installationId);
  if (request.kind === 'issue') return writes.issuesSince(request.repository, since);
  if (request.kind === 'comment') return writes.commentsSince(request.repository, request.number, since);
  throw new Error(`a ${request.kind} is not created by a report`);
}

async function close(run: ReportRun, creation: EffectRow, extra: FoundText): Promise<void> {
  const { kind, repository } = creation.request;
  const body = withMarker(`_Made twice by mistake; [the other one](${creation.result?.url}) counts._`, creation.id);
  const request: EffectRequest =
    kind === 'issue'
      ? { kind: 'issue_edit', repository, number: extra.number, body, state: 'closed', stateReason: 'not_planned' }
      : { kind: 'comment_edit', repository, commentId: extra.id, body };
  run.log.info({ fleet: run.fleet.id, effect: creation.key, extra: extra.url }, 'a duplicate is closed');
  await performFor(run, `extra:${creation.id}:${extra.id}`, request);
}
