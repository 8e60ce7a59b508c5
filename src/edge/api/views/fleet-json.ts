import { FAILURES } from '../../../core/failures.ts';
import { tasksInLine } from '../../../core/render/queue-cells.ts';
import { redact } from '../../../core/render/redact.ts';
import { cleanLines } from '../../../core/render/terminal-text.ts';
import { isHeld, isPaused, openingText } from '../../../core/rollout/opening.ts';
import { countTasks, gatesOf, rollup } from '../../../core/rollup.ts';
import type { FleetLine } from '../../../store/contract/fleet-pages.ts';
import type { FleetRow } from '../../../store/contract/fleets.ts';
import type { TaskRow } from '../../../store/contract/tasks.ts';
import type { UndoRow } from '../../../store/contract/undos.ts';
import type { FleetJson, FleetSummaryJson, TaskJson } from '../schemas/fleet.ts';

/** A fleet as the API shows it. `diskFull`: no task of any fleet begins. */
export function fleetJson(
  fleet: FleetRow,
  tasks: readonly TaskRow[],
  { undos, diskFull }: { undos: readonly Pick<UndoRow, 'taskId' | 'state'>[]; diskFull: boolean },
): FleetJson {
  const counts = countTasks(tasks.map(({ status }) => status));
  const undone = new Map(undos.map(({ taskId, state }) => [taskId, state]));
  const positions = new Map(tasksInLine({ fleet, tasks }).map(({ id }, index) => [id, index + 1]));
  return {
    ...summaryJson({
      ...fleet,
      inputs: fleet.plan.inputs,
      counts,
      pullRequests: tasks.filter(({ pullRequest }) => pullRequest !== null).length,
    }),
    preview: fleet.plan.flags.preview,
    paused: isPaused(fleet),
    held: isHeld(fleet) ? { gate: fleet.gate, opens: openingText(fleet, tasks) } : null,
    waits_for_disk: diskFull && fleet.approvedAt !== null && counts.queued > 0,
    parallel: fleet.plan.parallel,
    left_out: fleet.plan.leftOut.map(({ repository, reason, detail }) => ({ repository, reason, detail })),
    tasks: tasks.map((task) =>
      taskJson(task, { position: positions.get(task.id) ?? null, undo: undone.get(task.id) ?? null }),
    ),
    event_seq: fleet.eventSeq,
  };
}

/** A line of a list. */
export function summaryJson(fleet: Omit<FleetLine, 'seq'>): FleetSummaryJson {
  const { counts } = fleet;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    id: fleet.id,
    status: rollup(gatesOf(fleet), counts),
    workflow: fleet.workflow,
    inputs: { ...fleet.inputs },
    branch: fleet.branch,
    control_repository: fleet.controlRepository,
    sender: fleet.sender,
    run_as: fleet.runAs,
    door: fleet.door,
    tracking_issue_url: fleet.trackingIssue?.url ?? null,
    created_at: instant(fleet.createdAt),
    approved_at: instantOrNull(fleet.approvedAt),
    expires_at: instantOrNull(fleet.expiresAt),
    ended_at: instantOrNull(fleet.endedAt),
    superseded_by: fleet.supersededBy,
    counts: { total, ...counts },
    pull_requests: fleet.pullRequests,
  };
}

/** `position`: in the queue, from 1; null: it is not in it. */
export function taskJson(
  task: TaskRow,
  { position, undo }: { position: number | null; undo: TaskJson['undo'] },
): TaskJson {
  return {
    id: task.id,
    repository: task.repository,
    repository_id: task.repositoryId,
    status: task.status,
    outcome: task.outcome,
    failure: task.category === null ? null : failureJson(task.category),
    reason: task.reason === null ? null : shown(task.reason),
    warnings: task.warnings.map(shown),
    pull_request: task.pullRequest,
    undo,
    attempt: task.attempt,
    wave: task.wave,
    queue_position: position,
    cost_usd: task.costUsd,
    started_at: instantOrNull(task.startedAt),
    ended_at: instantOrNull(task.endedAt),
  };
}

function failureJson(category: NonNullable<TaskRow['category']>): TaskJson['failure'] {
  const { title, remedy, retryable } = FAILURES[category];
  return { category, title, remedy, retryable };
}

/** Reasons hold text of nodes. */
export const shown = (text: string): string => redact(cleanLines(text));

export const instant = (at: number): string => new Date(at).toISOString();
export const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));
