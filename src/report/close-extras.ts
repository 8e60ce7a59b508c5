/** The last look: what an unanswered request made after all, beside what was made instead of it. */
import { readMarker, withMarker } from '../core/render/marker.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { FoundText } from '../ports/github-writes.ts';
import type { EffectRequest, EffectRow } from '../store/contract/effects.ts';
import { performFor, type ReportRun } from './report-run.ts';

/** How far GitHub's clock may be behind ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * At the end of a fleet, and whenever something was said about it later, for every creation of it that once had no answer
 * and was sent again: GitHub's lists can be stale, so that two looks found nothing. An extra comment is deleted; an extra
 * issue, which an app cannot delete, says which one counts and is closed.
 * Throws EffectPending, and GitHubError when GitHub does not answer the look.
 */
export async function closeExtras(run: ReportRun): Promise<void> {
  const { store, fleet, log } = run;
  if (fleet.endedAt === null) return;
  for (const creation of await store.read.effects.sentAgainOfFleet(fleet.id)) {
    if (run.lookedForExtras.has(creation.id)) continue;
    try {
      for (const extra of await extrasOf(run, creation)) await close(run, creation, extra);
    } catch (error) {
      if (!(error instanceof GitHubError) || error.kind !== 'refused') throw error;
      log.warn({ fleet: fleet.id, effect: creation.key, err: error }, 'GitHub refused the last look for duplicates');
    }
    run.lookedForExtras.add(creation.id);
  }
}

/** By our bot and with this effect's marker, but not the one that counts: which the effect is known to have made, else the first. */
async function extrasOf(run: ReportRun, creation: EffectRow): Promise<FoundText[]> {
  const { botId } = await run.github.identity();
  const found = await listed(run, creation.request, creation.intendedAt - CLOCK_SKEW_MS);
  const ours = found.filter(({ authorId, body }) => authorId === botId && readMarker(body) === creation.id);
  const counts = creation.result?.id ?? Math.min(...ours.map(({ id }) => id));
  return ours.filter(({ id }) => id !== counts);
}

function listed({ github, fleet }: ReportRun, request: EffectRequest, since: number): Promise<FoundText[]> {
  const writes = github.writes(fleet.installationId);
  if (request.kind === 'issue') return writes.issuesSince(request.repository, since);
  if (request.kind === 'comment') return writes.commentsSince(request.repository, request.number, since);
  throw new Error(`a ${request.kind} cannot be there twice`);
}

async function close(run: ReportRun, creation: EffectRow, extra: FoundText): Promise<void> {
  run.log.info({ fleet: run.fleet.id, effect: creation.key, extra: extra.url }, 'a duplicate is closed');
  await performFor(run, `extra:${creation.id}:${extra.id}`, closing(creation, extra));
}

function closing({ id, request: { kind, repository }, result }: EffectRow, extra: FoundText): EffectRequest {
  const { number, createdAt } = extra;
  if (kind === 'comment') return { kind: 'comment_deletion', repository, commentId: extra.id, number, createdAt };
  const other = result === null ? 'the other one' : `[the other one](${result.url})`;
  const body = withMarker(`_Made twice by mistake; ${other} counts._`, id);
  return { kind: 'issue_edit', repository, number, body, state: 'closed', stateReason: 'not_planned' };
}
