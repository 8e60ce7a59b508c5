/** Spine 3: the whole tracking issue from the store. */
import { reportDue } from '../core/cadence.ts';
import type { FleetEvent } from '../core/events.ts';
import { renderTrackingIssue } from '../core/render/tracking-issue.ts';
import { EffectPending } from '../effects/effect-pending.ts';
import type { EventReads } from '../store/contract/events.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { FenceLost } from '../store/contract/lease.ts';
import { announce } from './announce.ts';
import { closeExtras } from './close-extras.ts';
import { createEditLog } from './edit-log.ts';
import { createGateLog } from './gate-log.ts';
import { gatherFacts } from './gather-facts.ts';
import { mentionWaits } from './mention-waits.ts';
import { noteMoments } from './note-moments.ts';
import { createQuestionLog } from './question-log.ts';
import type { ReporterSettings, ReportRun } from './report-run.ts';
import { supersedePrevious } from './supersede-previous.ts';
import { tellTheEnd } from './tell-the-end.ts';
import { writeIssue } from './write-issue.ts';
import { writePages } from './write-pages.ts';

export interface Reporter {
  /** Claims the fleet's report and brings its tracking issue up to date; nothing when it is up to date or claimed. */
  report(fleetId: string): Promise<void>;
  /** When the next report is due, epoch milliseconds; Infinity when there is nothing to tell. */
  due(fleet: FleetRow, now: number): Promise<number>;
}

/** A report of a thousand pages under pacing still ends in this time, or another one begins. */
const LEASE_MS = 10 * 60_000;
/** After an error of ours, which the log tells. */
const AFTER_ERROR_MS = 60_000;

export function createReporter(settings: ReporterSettings): Reporter {
  const { store, clock, log } = settings;
  const edits = createEditLog();
  const lookedForExtras = new Set<string>();
  const gates = createGateLog(store.read.events);
  const questions = createQuestionLog(store.read.events);
  return {
    async report(fleetId) {
      const now = clock.now();
      const claimed = await store.write((tx) => tx.fleets.claimReport(fleetId, now, now + LEASE_MS));
      if (claimed === undefined) return;
      try {
        await tell({ ...settings, fleet: claimed, startedAt: now, edits, gates, lookedForExtras });
      } catch (error) {
        if (error instanceof FenceLost) return;
        const notBefore = error instanceof EffectPending ? error.notBefore : clock.now() + AFTER_ERROR_MS;
        if (!(error instanceof EffectPending)) log.error({ err: error, fleet: fleetId }, 'a report failed');
        await store.write((tx) => tx.fleets.releaseReport(claimed, notBefore));
      }
    },
    async due(fleet, now) {
      const { createdAt, approvedAt, turnedAt, cancelRequestedAt, endedAt, reportedAt } = fleet;
      const gateAt = await gates.latest(fleet);
      const foreign = fleet.editedSeq > fleet.putBackSeq;
      const putBacks = edits.putBacks(fleet.id, now);
      return reportDue(
        {
          since: turnedAt ?? approvedAt ?? createdAt,
          reportedAt,
          behind: fleet.eventSeq > fleet.reportedSeq,
          momentAt: Math.max(createdAt, approvedAt ?? 0, turnedAt ?? 0, cancelRequestedAt ?? 0, gateAt, endedAt ?? 0),
          askedAt: await questions.latest(fleet),
          edits: edits.times(fleet.id, now),
          foreign,
          putBacks,
          onlyEdited: foreign && putBacks.length > 0 && (await only(isOfEdit, store.read.events, fleet)),
        },
        now,
      );
    },
  };
}

/** That we said something, of which the issue tells nothing. */
const isSaid = (event: FleetEvent): boolean =>
  (event.type === 'effect_done' || event.type === 'effect_refused') && event.taskId === null;
const isOfEdit = (event: FleetEvent): boolean =>
  event.type === 'issue_edited' || event.type === 'box_ticked' || isSaid(event);

/** Whether all that happened since the issue was last written is so. */
async function only(
  isSo: (event: FleetEvent) => boolean,
  events: EventReads,
  { id, reportedSeq }: FleetRow,
): Promise<boolean> {
  return (await events.ofFleet(id, reportedSeq)).every(({ event }) => isSo(event));
}

/** Throws EffectPending when GitHub makes it wait; what was done by then is not done again. */
async function tell(run: ReportRun): Promise<void> {
  const facts = await gatherFacts(run);
  const rendered = renderTrackingIssue(facts);
  const issue = await writeIssue(run, rendered);
  await announce(run, facts, issue);
  if (issue.result === 'refused') {
    await noteMoments(run, facts, null);
    await closeExtras(run);
    return record(run, { seq: run.fleet.eventSeq, at: run.startedAt, pages: [] });
  }
  await supersedePrevious(run);
  const written = await writePages(run, rendered, issue);
  await noteMoments(run, facts, written.issue);
  if (written.headIsNew) {
    await mentionWaits(run, written.issue);
    await tellTheEnd(run, facts, written.issue);
  }
  if (written.seq === run.fleet.eventSeq) await closeExtras(run);
  await record(run, written);
}

async function record(
  { store, fleet }: ReportRun,
  { seq, at, pages }: { seq: number; at: number; pages: FleetRow['reportedPages'] },
): Promise<void> {
  // Who asks for the status right before something happens must not make others wait for the news.
  const told = fleet.reportedAt !== null && (await only(isSaid, store.read.events, fleet)) ? fleet.reportedAt : at;
  await store.write((tx) => tx.fleets.reported(fleet, { seq, at: told, pages, putBack: fleet.editedSeq }));
}
