import type { FailureCategory } from './failures.ts';
import type { Gate } from './rollout/next-step.ts';
import type { FleetStatus, TaskOutcome } from './status.ts';
import type { KeptReason, UndoneRemark } from './undo.ts';

/**
 * Effects on GitHub that the log keeps. Edits of the tracking issue are not among them: it is written from the log, and
 * each edit would call for the next one.
 */
export const RECORDED_EFFECTS = [
  'issue',
  'comment',
  'comment_deletion',
  'pull_request',
  'pull_request_edit',
  'labels',
  'assignees',
  'reviewers',
] as const;
type RecordedEffect = (typeof RECORDED_EFFECTS)[number];

/** What happened to a fleet, in order. Append-only; a new field is a new `v`. */
export type FleetEvent =
  | { type: 'fleet_planned'; v: 1; by: string; targets: number; leftOut: number }
  | { type: 'fleet_approved'; v: 1; by: string }
  | { type: 'fleet_cancel_requested'; v: 1; by: string }
  /** `on`: the plan, of which nothing runs then, or what is left of a held fleet. */
  | { type: 'fleet_rejected'; v: 1; by: string; on: 'plan' | 'gate' }
  | { type: 'fleet_expired'; v: 1 }
  | { type: 'wave_released'; v: 1; wave: number }
  | { type: 'gate_closed'; v: 1; gate: 'wave' }
  | { type: 'gate_closed'; v: 1; gate: 'halted'; failed: number; of: number }
  | { type: 'gate_opened'; v: 1; gate: Gate; by: string }
  | { type: 'gate_expired'; v: 1 }
  | { type: 'fleet_paused'; v: 1; by: string }
  | { type: 'fleet_resumed'; v: 1; by: string }
  | { type: 'pause_expired'; v: 1 }
  | { type: 'disk_full'; v: 1 }
  | { type: 'disk_freed'; v: 1 }
  | { type: 'fleet_ended'; v: 1; status: FleetStatus }
  | { type: 'fleet_retried'; v: 1; by: string; tasks: number }
  | { type: 'fleet_reopened'; v: 1; by: string }
  | { type: 'fleet_superseded'; v: 1; by: string }
  /** `box`: what it stands for; `token`: its moment. */
  | { type: 'box_ticked'; v: 1; by: string; box: string; token: string }
  /** Not by us; the next report puts the tracking issue's text back. */
  | { type: 'issue_edited'; v: 1; by: string }
  | { type: 'task_started'; v: 1; taskId: string; attempt: number }
  | { type: 'task_requeued'; v: 1; taskId: string; reason: string }
  | { type: 'node_started'; v: 1; taskId: string; node: string }
  | { type: 'node_ended'; v: 1; taskId: string; node: string; status: 'completed' | 'failed' | 'skipped' }
  | { type: 'approval_asked'; v: 1; taskId: string; node: string }
  | { type: 'approval_decided'; v: 1; taskId: string; node: string; decision: string; by: string }
  | { type: 'approval_expired'; v: 1; taskId: string; node: string }
  | { type: 'task_waiting'; v: 1; taskId: string }
  | { type: 'task_resumed'; v: 1; taskId: string; attempt: number; undone: number }
  | { type: 'task_publishing'; v: 1; taskId: string }
  | { type: 'task_completed'; v: 1; taskId: string; outcome: TaskOutcome; pullRequest: number | null }
  | { type: 'task_failed'; v: 1; taskId: string; category: FailureCategory }
  | { type: 'task_timed_out'; v: 1; taskId: string }
  | { type: 'task_cancelled'; v: 1; taskId: string }
  | { type: 'task_retried'; v: 1; taskId: string }
  | { type: 'workspace_removed'; v: 1; taskId: string }
  | { type: 'branch_pushed'; v: 1; taskId: string; sha: string }
  /** By an undo, or because GitHub refused its pull request; `sha`: of its head. */
  | { type: 'branch_deleted'; v: 1; taskId: string; sha: string }
  /** `number`: of the issue or pull request, as far as GitHub said. `taskId` null: of the fleet as a whole. */
  | { type: 'effect_done'; v: 1; taskId: string | null; effect: RecordedEffect; number: number | null }
  | { type: 'effect_refused'; v: 1; taskId: string | null; effect: RecordedEffect; error: string }
  | { type: 'notification_given_up'; v: 1; moment: 'waiting' | 'ended' }
  | { type: 'fleet_publish_requested'; v: 1; by: string; tasks: number }
  | { type: 'task_publish_requested'; v: 1; taskId: string }
  | { type: 'undo_requested'; v: 1; by: string; tasks: number }
  | { type: 'pull_request_undone'; v: 1; taskId: string; pullRequest: number; remark: UndoneRemark | null }
  | { type: 'pull_request_kept'; v: 1; taskId: string; pullRequest: number; reason: KeptReason };

export interface RecordedEvent {
  fleetId: string;
  /** From 1, without a gap, per fleet. */
  seq: number;
  /** Epoch milliseconds. */
  at: number;
  event: FleetEvent;
}
