import { tasksInLine } from '../core/render/queue-cells.ts';
import { isPaused } from '../core/rollout/opening.ts';
import { estimateTurns, type FleetLine, type QueueView, type TurnEstimate } from '../core/turn-estimate.ts';
import type { ApprovalRow } from '../store/contract/approvals.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { ReportRun } from './report-run.ts';

/** The pace changes in the course of a fleet. */
const LATEST = 50;

/** With all fleets under the same caps. null: nothing is in line, or a person has to let it go on. */
export async function gatherTurns(
  { store, fleet, caps, startedAt }: ReportRun,
  tasks: readonly TaskRow[],
  approvals: readonly ApprovalRow[],
): Promise<TurnEstimate | null> {
  const { approvedAt, cancelRequestedAt, gate } = fleet;
  if (approvedAt === null || cancelRequestedAt !== null || gate !== null || isPaused(fleet)) return null;
  const parts = partsOf(fleet, tasks);
  if (parts.length === 0) return null;

  const running = Map.groupBy(await store.read.tasks.running(), (task) => task.fleetId);
  const queued = new Map((await store.read.tasks.inLine()).map((line) => [line.fleetId, line.tasks]));
  const lines = (await store.read.fleets.loads()).map(
    ({ fleetId, userId, parallel, parked }): FleetLine => ({
      fleetId,
      userId,
      parallel,
      parked,
      runningSince: (running.get(fleetId) ?? []).map((task) => task.startedAt ?? startedAt),
      queued: fleetId === fleet.id ? parts : [queued.get(fleetId) ?? 0],
    }),
  );
  const fleets = lines.filter((line) => line.runningSince.length + line.parked + sum(line.queued) > 0);
  const others = (await store.read.tasks.lastEnded(LATEST)).filter(({ fleetId }) => fleetId !== fleet.id);
  return estimateTurns({ caps, fleets, took: [...ownTook(tasks, approvals), ...others] }, fleet.id, startedAt);
}

/** Of the tasks in line, by the order that `after` wants; without those that wait for an answer in an earlier part. */
function partsOf(fleet: FleetRow, tasks: readonly TaskRow[]): number[] {
  const stageOf = (task: TaskRow) => fleet.plan.targets[task.position]?.stage ?? 0;
  const stages = (of: readonly TaskRow[]) => of.map(stageOf);
  const inLine = tasksInLine({ fleet, tasks });
  const asked = Math.min(...stages(tasks.filter(({ status }) => status === 'waiting')));
  const begun = Math.min(...stages(tasks.filter(({ status }) => status === 'running')));
  const line = stages(inLine).filter((stage) => stage <= asked);
  const counts = Map.groupBy(line, (stage) => stage);
  const parts = [...counts].toSorted(([a], [b]) => a - b).map(([, alike]) => alike.length);
  return line.length > 0 && begun < Math.min(...line) ? [0, ...parts] : parts;
}

function ownTook(tasks: readonly TaskRow[], approvals: readonly ApprovalRow[]): QueueView['took'] {
  const asked = new Set(approvals.map(({ taskId }) => taskId));
  return tasks
    .flatMap(({ id, fleetId, status, startedAt, endedAt }) =>
      startedAt === null || endedAt === null || status === 'cancelled' || asked.has(id)
        ? []
        : [{ fleetId, endedAt, ms: endedAt - startedAt }],
    )
    .toSorted((a, b) => b.endedAt - a.endedAt)
    .slice(0, LATEST);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
