import { z } from 'zod';
import type { FleetEvent } from '../../../core/events.ts';

const by = z.string().describe('Login');
const task = { task_id: z.string() };
const node = { ...task, node: z.string() };
const gate = z.enum(['wave', 'halted']);
const effect = z.string().describe('What was created or edited on GitHub: `issue`, `comment`, `pull_request`, …');
const pullRequest = z.int().describe('Its number');

/** What comes with each type of event, besides `seq`, `at` and `type`. */
const SHAPES = {
  fleet_planned: { by, targets: z.int(), left_out: z.int() },
  fleet_approved: { by },
  fleet_cancel_requested: { by },
  fleet_rejected: { by, on: z.enum(['plan', 'gate']).describe('The plan, or what was left of a fleet that waited') },
  fleet_expired: {},
  fleet_ended: { status: z.string().describe('The rollup') },
  fleet_retried: { by, tasks: z.int() },
  fleet_reopened: { by },
  fleet_superseded: { by: z.string().describe('Id of the fleet that came after') },
  fleet_paused: { by },
  fleet_resumed: { by },
  fleet_publish_requested: { by, tasks: z.int() },
  pause_expired: {},
  wave_released: { wave: z.int().describe('From 0') },
  gate_closed: { gate, failed: z.int().optional(), of: z.int().optional() },
  gate_opened: { gate, by },
  gate_expired: {},
  disk_full: {},
  disk_freed: {},
  box_ticked: { by, box: z.string() },
  issue_edited: { by },
  task_started: { ...task, attempt: z.int() },
  task_requeued: { ...task, reason: z.string() },
  task_resumed: { ...task, attempt: z.int(), undone: z.int() },
  task_waiting: task,
  task_publishing: task,
  task_completed: { ...task, outcome: z.string(), pull_request: pullRequest.nullable() },
  task_failed: { ...task, category: z.string() },
  task_timed_out: task,
  task_cancelled: task,
  task_retried: task,
  task_publish_requested: task,
  node_started: node,
  node_ended: { ...node, status: z.enum(['completed', 'failed', 'skipped']) },
  approval_asked: node,
  approval_decided: { ...node, decision: z.string(), by },
  approval_expired: node,
  workspace_removed: task,
  branch_pushed: { ...task, sha: z.string() },
  branch_deleted: { ...task, sha: z.string() },
  effect_done: { task_id: z.string().nullable(), effect, number: z.int().nullable() },
  effect_refused: { task_id: z.string().nullable(), effect, error: z.string() },
  notification_given_up: { moment: z.enum(['waiting', 'ended']) },
  undo_requested: { by, tasks: z.int() },
  pull_request_undone: { ...task, pull_request: pullRequest, remark: z.string().nullable() },
  pull_request_kept: { ...task, pull_request: pullRequest, reason: z.string() },
} as const satisfies Record<FleetEvent['type'], z.ZodRawShape>;

const eventOf = (type: string, shape: z.ZodRawShape) =>
  z.object({
    seq: z.int().describe('From 1, without a gap, per fleet; also the `id` of the event'),
    at: z.iso.datetime().describe('ISO 8601, UTC'),
    type: z.literal(type),
    ...shape,
  });

/** By type. */
export const eventSchemas: ReadonlyMap<string, z.ZodObject> = new Map(
  Object.entries(SHAPES).map(([type, shape]) => [type, eventOf(type, shape)]),
);

/** What ends a stream, without an `id`: whoever comes again goes on where they were. */
const endSchema = z
  .object({
    reason: z
      .enum(['not_visible', 'stopping'])
      .describe('You may no longer see the fleet, or your token is no longer taken; the server stops'),
  })
  .meta({ id: 'StreamEnd' });

const fleetEventSchema = z.union([...eventSchemas.values()]).meta({ id: 'FleetEvent' });

/** `data` of what a stream tells. */
export const streamedSchema = z.union([fleetEventSchema, endSchema]).meta({ id: 'Streamed' });

export type StreamEnd = z.infer<typeof endSchema>;

export const eventsQuerySchema = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('`seq` of the last event that you have; the header `Last-Event-ID` goes before it'),
});
