/** The pages of the tracking issue: the issue's body, then a comment each, edited in place where they changed. */
import { editsLeft } from '../core/cadence.ts';
import { withMarker } from '../core/render/marker.ts';
import type { TrackingIssue } from '../core/render/tracking-issue.ts';
import { refusalStatus } from '../effects/refusal-status.ts';
import type { EffectRequest, EffectRow } from '../store/contract/effects.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { putBackKey } from './edit-log.ts';
import { pageDigest, textDigest } from './page-digest.ts';
import { performFor, type ReportRun } from './report-run.ts';
import { type IssueWritten, writeIssueAgain } from './write-issue.ts';

type Issue = Extract<IssueWritten, { result: 'there' }>;
type Page = FleetRow['reportedPages'][number];

export interface PagesWritten {
  issue: NonNullable<FleetRow['trackingIssue']>;
  /** What the pages tell: all of the claimed fleet's events, or fewer when an older edit had to go first. */
  seq: number;
  at: number;
  pages: Page[];
  /** The issue's body tells all of it, whatever its further pages still lack. */
  headIsNew: boolean;
}

/** One is under way at most, and one for each time that it was overtaken so. */
const EARLIER_EDITS = 10;

const EMPTY_PAGE = '_Nothing is left on this page; see the issue above._';

/**
 * One edit of a page is under way at most: its key is the report that it follows on, so a paced edit is sent before a
 * newer one is intended, and never after it. Where that edit tells less than what is known now, the seq recorded is
 * the next one only, and the following report tells the rest.
 * Pages that are too many for the hour wait for that one too; the issue's body never does.
 * Throws EffectPending.
 */
export async function writePages(run: ReportRun, rendered: TrackingIssue, issue: Issue): Promise<PagesWritten> {
  const { fleet } = run;
  const known = fleet.trackingIssue?.id === issue.issue.id ? fleet.reportedPages : [];
  const first = await writeBody(run, rendered, issue, known[0]);
  if (first === 'deleted') return again(run, rendered, issue);

  const written = [first];
  const count = Math.max(rendered.pages.length, known.length);
  for (let index = 1; index < count; index += 1) {
    written.push(await writeComment(run, rendered.pages[index] ?? EMPTY_PAGE, index, issue, known[index]));
  }
  const stale = written.filter((page) => page.staleSince !== null);
  return {
    issue: issue.issue,
    seq: stale.length === 0 ? fleet.eventSeq : Math.min(fleet.eventSeq, fleet.reportedSeq + 1),
    at: Math.min(run.startedAt, ...stale.map((page) => page.staleSince ?? run.startedAt)),
    pages: written.map((page) => page.page),
    headIsNew: first.staleSince === null,
  };
}

async function again(run: ReportRun, rendered: TrackingIssue, deleted: Issue): Promise<PagesWritten> {
  const made = await writeIssueAgain(run, rendered, deleted.creation);
  if (made?.result === 'there') return writePages(run, rendered, made);
  run.log.warn({ fleet: run.fleet.id }, 'the tracking issue was deleted and is not made again');
  return { issue: deleted.issue, seq: run.fleet.eventSeq, at: run.startedAt, pages: [], headIsNew: true };
}

/** Effect key of a further page; the issue's body is page 0. */
const pageKey = (fleetId: string, issueNumber: number, index: number): string =>
  `page:${fleetId}:${issueNumber}:${index}`;

interface Written {
  page: Page;
  /** When what stands there now was rendered, if that is not what this report rendered. */
  staleSince: number | null;
}

async function writeBody(
  run: ReportRun,
  rendered: TrackingIssue,
  { issue, creation }: Issue,
  known: Page | undefined,
): Promise<Written | 'deleted'> {
  const request = issueEdit(run, rendered, issue.number, creation);
  const wanted = pageDigest(request);
  const { fleet } = run;
  const foreign = fleet.editedSeq > fleet.putBackSeq;
  if (!foreign && (known?.digest ?? pageDigest(creation.request)) === wanted) return unchanged(null, wanted);

  if (foreign) await settleEarlierEdits(run);
  const key = foreign
    ? putBackKey(fleet.id, issue.number, fleet.reportedSeq, fleet.editedSeq)
    : `issue-edit:${fleet.id}:${issue.number}:${fleet.reportedSeq}`;
  const edit = await performEdit(run, key, request);
  const refused = refusalStatus(edit);
  if (refused === 404 || refused === 410) return 'deleted';
  return writtenBy(edit, null, wanted);
}

/** What was intended before somebody else's edit could arrive after the one that puts the text back. Throws EffectPending. */
async function settleEarlierEdits(run: ReportRun): Promise<void> {
  const texts = await run.store.read.effects.issueTextsOfFleet(run.fleet.id, EARLIER_EDITS);
  for (const { key, state, request } of texts.toReversed()) {
    if (state !== 'done' && state !== 'refused') await performFor(run, key, request);
  }
}

async function writeComment(
  run: ReportRun,
  body: string,
  index: number,
  { issue }: Issue,
  known: Page | undefined,
): Promise<Written> {
  const { fleet } = run;
  const repository = fleet.controlRepository;
  if (known?.digest === textDigest(body)) return { page: known, staleSince: null };
  const creation = await performFor(run, pageKey(fleet.id, issue.number, index), {
    kind: 'comment',
    repository,
    number: issue.number,
    body,
  });
  const commentId = creation.result?.id ?? null;
  if (commentId === null) return unchanged(null, pageDigest(creation.request));
  const request = { kind: 'comment_edit' as const, repository, commentId, body: withMarker(body, creation.id) };
  const wanted = pageDigest(request);
  if ((known?.digest ?? pageDigest(creation.request)) === wanted) return unchanged(commentId, wanted);
  const editKey = `page-edit:${fleet.id}:${commentId}:${fleet.reportedSeq}`;
  if (known !== undefined && mustWait(run, editKey)) return { page: known, staleSince: run.startedAt };
  return writtenBy(await performEdit(run, editKey, request), commentId, wanted);
}

/**
 * The hour has no edit left. An edit that was intended before goes on, as it could else arrive after a newer one; and
 * without an event between, the next report would be taken for this one.
 */
function mustWait({ fleet, edits, clock }: ReportRun, editKey: string): boolean {
  const now = clock.now();
  if (edits.has(fleet.id, editKey) || fleet.eventSeq <= fleet.reportedSeq + 1) return false;
  return editsLeft(edits.times(fleet.id, now), now) <= 0;
}

function performEdit(run: ReportRun, key: string, request: EffectRequest): Promise<EffectRow> {
  run.edits.add(run.fleet.id, key, run.clock.now());
  return performFor(run, key, request);
}

function issueEdit(run: ReportRun, rendered: TrackingIssue, number: number, creation: EffectRow) {
  return {
    kind: 'issue_edit' as const,
    repository: run.fleet.controlRepository,
    number,
    title: rendered.title,
    body: withMarker(rendered.pages[0] ?? '', creation.id),
    ...stateOf(rendered),
  };
}

function stateOf({ close, reopen }: TrackingIssue) {
  if (close !== null) return { state: 'closed' as const, stateReason: close };
  return reopen ? { state: 'open' as const } : {};
}

const unchanged = (commentId: number | null, known: string): Written => ({
  page: { commentId, digest: known },
  staleSince: null,
});

/** A refused edit counts as written, so that it is not asked for again before something changes. */
function writtenBy(edit: EffectRow, commentId: number | null, wanted: string): Written {
  const sent = pageDigest(edit.request);
  return { page: { commentId, digest: sent }, staleSince: sent === wanted ? null : edit.intendedAt };
}
