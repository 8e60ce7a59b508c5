import type { TrackingIssue } from '../core/render/tracking-issue.ts';
import type { EffectRow } from '../store/contract/effects.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { performFor, type ReportRun } from './report-run.ts';

export type IssueWritten =
  | { result: 'there'; issue: NonNullable<FleetRow['trackingIssue']>; creation: EffectRow }
  | { result: 'refused'; error: string };

/** Effect keys of a fleet's tracking issue, and of the one made after a person deleted that. */
const firstKey = (fleetId: string): string => `issue:${fleetId}`;
const secondKey = (fleetId: string): string => `issue:${fleetId}:2`;

/** The tracking issue, made when there is none. Throws EffectPending. */
export async function writeIssue(run: ReportRun, rendered: TrackingIssue): Promise<IssueWritten> {
  const { store, fleet } = run;
  const second = await store.read.effects.byKey(secondKey(fleet.id));
  if (second !== undefined) return create(run, secondKey(fleet.id), rendered);
  return create(run, firstKey(fleet.id), rendered);
}

/** A person deleted the tracking issue: it is made once more; undefined when this one was the second. */
export async function writeIssueAgain(
  run: ReportRun,
  rendered: TrackingIssue,
  deleted: EffectRow,
): Promise<IssueWritten | undefined> {
  const key = secondKey(run.fleet.id);
  return deleted.key === key ? undefined : create(run, key, rendered);
}

async function create(run: ReportRun, key: string, rendered: TrackingIssue): Promise<IssueWritten> {
  const { store, fleet } = run;
  const { title, pages } = rendered;
  const request = { kind: 'issue' as const, repository: fleet.controlRepository, title, body: pages[0] ?? '' };
  const creation = await performFor(run, key, request);
  const { id, number, url } = creation.result ?? {};
  if (id == null || number == null || url == null) {
    run.log.warn({ fleet: fleet.id, error: creation.error }, 'the tracking issue could not be made');
    return { result: 'refused', error: creation.error ?? 'GitHub gave no reason' };
  }
  const issue = { id, number, url };
  if (fleet.trackingIssue?.id !== id) await store.write((tx) => tx.fleets.setTrackingIssue(fleet.id, issue));
  return { result: 'there', issue, creation };
}
