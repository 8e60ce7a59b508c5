/** JSON columns. What came from outside was parsed in full at its door; here the shape is checked that the rows rely on. */
import { z } from 'zod';
import { RECORDED_EFFECTS } from '../core/events.ts';
import { FAILURES, type FailureCategory } from '../core/failures.ts';
import type { Plan } from '../core/plan.ts';
import type { FleetRequest } from '../core/request.ts';
import { KEPT_REASONS, UNDONE_REMARKS } from '../core/undo.ts';
import type { EffectRequest, EffectResult } from './contract/effects.ts';
import type { TaskJournal } from './contract/tasks.ts';
import { upgradePlan } from './upgrade-plan.ts';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const requestSchema = z.custom<FleetRequest>(
  (value) => isRecord(value) && typeof value.installationId === 'number' && isRecord(value.command),
  'not a request',
);

const planSchema = z.preprocess(
  upgradePlan,
  z.custom<Plan>(
    (value) => isRecord(value) && value.format === 3 && isRecord(value.workflow) && Array.isArray(value.targets),
    'not a plan of format 3',
  ),
);

const effectRequestSchema = z.custom<EffectRequest>(
  (value) => isRecord(value) && typeof value.kind === 'string' && typeof value.repository === 'string',
  'not an effect',
);

const effectResultSchema: z.ZodType<EffectResult> = z.object({
  id: z.number().nullable(),
  number: z.number().nullable(),
  url: z.string().nullable(),
});

const pagesSchema = z.array(z.object({ commentId: z.number().nullable(), digest: z.string() }));
const inputsSchema = z.record(z.string(), z.string());
const warningsSchema = z.array(z.string());
const journalSchema: z.ZodType<TaskJournal> = z.object({
  tree: z.string(),
  nodes: z.array(z.string()),
  ranMs: z.number(),
});
const patchFilesSchema = z.array(
  z.object({ path: z.string(), added: z.number().nullable(), deleted: z.number().nullable() }),
);
const decisionsSchema = z.array(z.object({ id: z.string(), label: z.string() }));

const category = z.custom<FailureCategory>((value) => typeof value === 'string' && value in FAILURES, 'no category');
const taskId = z.string();
const node = z.string();
const by = z.string();
const v = z.literal(1);
const ofTask = z.string().nullable();
const effect = z.enum(RECORDED_EFFECTS);

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('fleet_planned'), v, by, targets: z.number(), leftOut: z.number() }),
  z.object({ type: z.literal('fleet_approved'), v, by }),
  z.object({ type: z.literal('fleet_cancel_requested'), v, by }),
  z.object({ type: z.literal('fleet_rejected'), v, by, on: z.enum(['plan', 'gate']) }),
  z.object({ type: z.literal('fleet_expired'), v }),
  z.object({
    type: z.literal('fleet_ended'),
    v,
    status: z.enum(['planned', 'running', 'waiting', 'completed', 'partial', 'failed', 'cancelled']),
  }),
  z.object({ type: z.literal('wave_released'), v, wave: z.number() }),
  z.discriminatedUnion('gate', [
    z.object({ type: z.literal('gate_closed'), v, gate: z.literal('wave') }),
    z.object({ type: z.literal('gate_closed'), v, gate: z.literal('halted'), failed: z.number(), of: z.number() }),
  ]),
  z.object({ type: z.literal('gate_opened'), v, gate: z.enum(['wave', 'halted']), by }),
  z.object({ type: z.literal('gate_expired'), v }),
  z.object({ type: z.literal('fleet_paused'), v, by }),
  z.object({ type: z.literal('fleet_resumed'), v, by }),
  z.object({ type: z.literal('pause_expired'), v }),
  z.object({ type: z.literal('disk_full'), v }),
  z.object({ type: z.literal('disk_freed'), v }),
  z.object({ type: z.literal('fleet_retried'), v, by, tasks: z.number() }),
  z.object({ type: z.literal('fleet_reopened'), v, by }),
  z.object({ type: z.literal('fleet_superseded'), v, by }),
  z.object({ type: z.literal('box_ticked'), v, by, box: z.string(), token: z.string() }),
  z.object({ type: z.literal('issue_edited'), v, by }),
  z.object({ type: z.literal('task_started'), v, taskId, attempt: z.number() }),
  z.object({ type: z.literal('task_requeued'), v, taskId, reason: z.string() }),
  z.object({ type: z.literal('node_started'), v, taskId, node }),
  z.object({
    type: z.literal('node_ended'),
    v,
    taskId,
    node,
    status: z.enum(['completed', 'failed', 'skipped']),
  }),
  z.object({ type: z.literal('approval_asked'), v, taskId, node }),
  z.object({ type: z.literal('approval_decided'), v, taskId, node, decision: z.string(), by }),
  z.object({ type: z.literal('approval_expired'), v, taskId, node }),
  z.object({ type: z.literal('task_waiting'), v, taskId }),
  z.object({ type: z.literal('task_resumed'), v, taskId, attempt: z.number(), undone: z.number() }),
  z.object({ type: z.literal('task_publishing'), v, taskId }),
  z.object({
    type: z.literal('task_completed'),
    v,
    taskId,
    outcome: z.enum(['changed', 'unchanged', 'not_applicable', 'declined', 'prepared']),
    pullRequest: z.number().nullable(),
  }),
  z.object({ type: z.literal('task_failed'), v, taskId, category }),
  z.object({ type: z.literal('task_timed_out'), v, taskId }),
  z.object({ type: z.literal('task_cancelled'), v, taskId }),
  z.object({ type: z.literal('task_retried'), v, taskId }),
  z.object({ type: z.literal('workspace_removed'), v, taskId }),
  z.object({ type: z.literal('branch_pushed'), v, taskId, sha: z.string() }),
  z.object({ type: z.literal('branch_deleted'), v, taskId, sha: z.string() }),
  z.object({ type: z.literal('effect_done'), v, taskId: ofTask, effect, number: z.number().nullable() }),
  z.object({ type: z.literal('effect_refused'), v, taskId: ofTask, effect, error: z.string() }),
  z.object({ type: z.literal('notification_given_up'), v, moment: z.enum(['waiting', 'ended']) }),
  z.object({ type: z.literal('fleet_publish_requested'), v, by, tasks: z.number() }),
  z.object({ type: z.literal('task_publish_requested'), v, taskId }),
  z.object({ type: z.literal('undo_requested'), v, by, tasks: z.number() }),
  z.object({
    type: z.literal('pull_request_undone'),
    v,
    taskId,
    pullRequest: z.number(),
    remark: z.enum(UNDONE_REMARKS).nullable(),
  }),
  z.object({
    type: z.literal('pull_request_kept'),
    v,
    taskId,
    pullRequest: z.number(),
    reason: z.enum(KEPT_REASONS),
  }),
]);

/** Reads a JSON column; throws with the column's name when it does not hold what it must. */
function reader<T>(column: string, schema: z.ZodType<T>): (text: string) => T {
  return (text) => {
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`The store's ${column} is damaged: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
}

export const readRequest = reader('deliveries.request', requestSchema);
export const readPlan = reader('fleets.plan', planSchema);
export const readPages = reader('fleets.reported_pages', pagesSchema);
export const readInputs = reader('fleets.inputs', inputsSchema);
export const readWarnings = reader('tasks.warnings', warningsSchema);
export const readJournal = reader('tasks.journal', journalSchema);
export const readPatchFiles = reader('patches.files', patchFilesSchema);
export const readDecisions = reader('approvals.decisions', decisionsSchema);
export const readEffectRequest = reader('effects.request', effectRequestSchema);
export const readEffectResult = reader('effects.result', effectResultSchema);
export const readEvent = reader('events.body', eventSchema);
