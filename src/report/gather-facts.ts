import { tasksPerHour } from '../core/pacing.ts';
import { forecastPublishing, type PublishForecast, waitsToPublish } from '../core/publish-forecast.ts';
import { HISTORY_EVENTS, HISTORY_SHOWN } from '../core/render/history-section.ts';
import type { TrackingIssueFacts } from '../core/render/views.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { gatherPatches } from './gather-patches.ts';
import { gatherTurns } from './gather-turns.ts';
import type { ReportRun } from './report-run.ts';

/** The longest window, and what was sent late in it. */
const RESERVATIONS_MS = 2 * 60 * 60_000;

/** Everything that the texts need, read after the fleet was claimed, so that no event before its seq is missing. */
export async function gatherFacts(run: ReportRun): Promise<TrackingIssueFacts> {
  const { store, fleet, github, startedAt } = run;
  const tasks = await store.read.tasks.ofFleet(fleet.id);
  const nodes = await store.read.nodes.summariesOfFleet(fleet.id);
  const approvals = await store.read.approvals.ofFleet(fleet.id);
  const diskFullSince = await store.read.disk.fullSince();
  const next = fleet.supersededBy === null ? undefined : await store.read.fleets.get(fleet.supersededBy);
  return {
    fleet,
    status: rollup(gatesOf(fleet), countTasks(tasks.map((task) => task.status))),
    tasks,
    nodes: Map.groupBy(nodes, (node) => node.taskId),
    spent: await store.read.sessions.spentOfFleet(fleet.id),
    approvals,
    gates: await run.gates.of(fleet),
    history: await store.read.events.lastOfFleet(fleet.id, HISTORY_EVENTS, HISTORY_SHOWN),
    patches: await gatherPatches(run, tasks),
    undos: await store.read.undos.ofFleet(fleet.id),
    publishing: await publishingOf(run, tasks),
    turns: diskFullSince === null ? await gatherTurns(run, tasks, approvals) : null,
    diskFullSince,
    reopened: fleet.endedAt === null && (await reopenedSince(run)),
    supersededBy: next === undefined ? null : { fleet: next.id, url: next.trackingIssue?.url ?? null },
    now: startedAt,
    webUrl: github.webUrl,
  };
}

/** Since the report before: later ones leave the issue closed where a person closed it. */
async function reopenedSince({ store, fleet }: ReportRun): Promise<boolean> {
  if (fleet.turnedAt === null) return false;
  const told = await store.read.events.ofFleet(fleet.id, fleet.reportedSeq);
  return told.some(({ event }) => event.type === 'fleet_reopened');
}

async function publishingOf(
  { store, fleet, budget, startedAt }: ReportRun,
  tasks: readonly TaskRow[],
): Promise<PublishForecast | null> {
  if (!tasks.some(waitsToPublish)) return null;
  const reservations = await store.read.budget.sent(fleet.installationId, startedAt - RESERVATIONS_MS);
  const places = await store.read.budget.places(fleet.installationId);
  const closedUntil = await store.read.budget.closedUntil(fleet.installationId);
  const times = places.map((place) => place.at);
  const perHour = tasksPerHour(budget.perHour);
  return forecastPublishing(tasks, times, { ...budget, perHour, reservations, closedUntil, now: startedAt });
}
