import { z } from 'zod';

/** Shapes of answers. They only gain fields, and enumerations may gain values, so that readers must take unknown ones. */
export const time = z.iso.datetime().describe('ISO 8601, UTC');
export const person = z.object({ id: z.int().describe("GitHub's"), login: z.string() });

const countsSchema = z
  .object({
    total: z.int(),
    queued: z.int(),
    running: z.int(),
    waiting: z.int(),
    completed: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    timed_out: z.int(),
  })
  .meta({ id: 'Counts' });

export const taskShape = {
  id: z.string(),
  repository: z.string().describe('`owner/name` when the plan was made'),
  repository_id: z.int().describe("GitHub's"),
  status: z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out']),
  outcome: z.enum(['changed', 'unchanged', 'not_applicable', 'declined', 'prepared']).nullable(),
  failure: z
    .object({ category: z.string(), title: z.string(), remedy: z.string(), retryable: z.boolean() })
    .nullable()
    .describe('Why it failed, and what to do'),
  reason: z.string().nullable().describe('What happened, for people; holds text of nodes'),
  warnings: z.array(z.string()),
  pull_request: z.object({ number: z.int(), url: z.string() }).nullable(),
  undo: z
    .enum(['requested', 'undone', 'kept'])
    .nullable()
    .describe('What became of the wish to take its pull request back; null: nobody has it'),
  attempt: z.int().describe('0: it has not begun'),
  wave: z.int().describe('Of the rollout, from 0'),
  queue_position: z.int().nullable().describe('From 1, of those of the fleet that wait for their turn alone'),
  cost_usd: z.number().nullable().describe('US dollars that are known; null: nothing is'),
  started_at: time.nullable(),
  ended_at: time.nullable(),
};

export const taskSchema = z.object(taskShape).meta({ id: 'Task' });

const shared = {
  id: z.string(),
  status: z
    .enum(['planned', 'running', 'waiting', 'completed', 'partial', 'failed', 'cancelled'])
    .describe('The rollup of its tasks'),
  workflow: z.string(),
  inputs: z.record(z.string(), z.string()),
  branch: z.string().describe('The same in every repository'),
  control_repository: z.string(),
  sender: person,
  run_as: person.describe('Whose permission counts'),
  door: z.enum(['comment', 'dispatch', 'edit', 'api']),
  tracking_issue_url: z.string().nullable().describe('null: it is not there yet'),
  created_at: time,
  approved_at: time.nullable(),
  expires_at: time.nullable().describe('Until when a plan can be approved'),
  ended_at: time.nullable(),
  superseded_by: z.string().nullable().describe('Id of the fleet with the same key that came after'),
  counts: countsSchema,
  pull_requests: z.int().describe('How many of its tasks have one'),
};

/** One line of a list. */
export const fleetSummarySchema = z.object(shared).meta({ id: 'FleetSummary' });

export const fleetSchema = z
  .object({
    ...shared,
    preview: z.boolean(),
    paused: z.boolean(),
    held: z
      .object({ gate: z.enum(['wave', 'halted']), opens: z.string() })
      .nullable()
      .describe('It waits as a whole for an approval, and what that does'),
    waits_for_disk: z.boolean().describe("Nothing begins because the server's disk has no room"),
    parallel: z.int().nullable().describe('Tasks at once; null: only the caps hold'),
    left_out: z.array(z.object({ repository: z.string(), reason: z.string(), detail: z.string() })),
    tasks: z.array(taskSchema).describe('In plan order'),
    event_seq: z.int().describe('Of its newest event'),
  })
  .meta({ id: 'Fleet' });

const PAGE = 30;

/** What narrows `GET /v1/fleets`. */
export const fleetsQuerySchema = z.strictObject({
  control_repository: z
    .string()
    .regex(/^[\w-]+\/(?!\.{1,2}$)[\w.-]+$/, 'must be `owner/name`')
    .optional()
    .describe('`owner/name`'),
  workflow: z.string().max(200).optional().describe("The workflow's name"),
  sender: z.string().max(200).optional().describe('Login of who asked'),
  state: z.enum(['open', 'ended']).optional().describe('Whether they have ended'),
  status: shared.status.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(PAGE).describe('How many at most'),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before'),
});

export const fleetPageSchema = z
  .object({
    fleets: z.array(fleetSummarySchema).describe('Newest first; can be fewer than `limit` although there are more'),
    next_cursor: z.string().nullable().describe('Of the next page; null: this is the last'),
  })
  .meta({ id: 'FleetPage' });

/** What a submission comes to. */
export const submittedSchema = z
  .object({
    created: z.boolean().describe('false: the same command has a fleet that has not ended, which is this one'),
    fleet: fleetSchema,
  })
  .meta({ id: 'Submitted' });

export type FleetJson = z.infer<typeof fleetSchema>;
export type FleetSummaryJson = z.infer<typeof fleetSummarySchema>;
export type TaskJson = z.infer<typeof taskSchema>;
