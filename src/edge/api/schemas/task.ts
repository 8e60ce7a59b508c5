import { z } from 'zod';
import { person, taskShape, time } from './fleet.ts';

const fileShape = {
  name: z.string(),
  try: z.int().describe("From 1: of the node's `retry`"),
  iteration: z.int().nullable().describe('Of a loop, from 1'),
  part: z
    .enum(['again', 'until'])
    .nullable()
    .describe("An agent's second answer where the first had not the right form; what judges whether a loop ends"),
};

const nodeSchema = z
  .object({
    id: z.string().describe('Its path: `group/2/test` is `test` in the second iteration of `group`'),
    kind: z.string(),
    status: z.enum(['pending', 'running', 'waiting', 'completed', 'failed', 'skipped']),
    exit_code: z.int().nullable(),
    failure: z.string().nullable().describe('Its category'),
    reason: z.string().nullable().describe('What happened to a failed one: completes the sentence "It …"'),
    tail: z.string().describe('The end of what it printed, without credentials'),
    agent: z.string().nullable(),
    model: z.string().nullable(),
    tokens: z.object({ input: z.int(), output: z.int(), cached_input: z.int() }).nullable(),
    cost_usd: z.number().nullable().describe('US dollars that are known'),
    cost_computed: z.boolean().describe('Something of it was computed from tokens and prices'),
    started_at: time.nullable(),
    ended_at: time.nullable(),
    files: z.array(z.object(fileShape)).describe('Its logs that are there now'),
  })
  .meta({ id: 'Node' });

const approvalSchema = z
  .object({
    node: z.string(),
    message: z.string(),
    decisions: z.array(z.object({ id: z.string(), label: z.string() })),
    asked_at: time,
    expires_at: time,
    decision: z.string().nullable().describe('null: it is open, or nobody decided in time'),
    text: z.string().nullable(),
    decided_by: person.nullable(),
    decided_at: time.nullable(),
    open: z.boolean().describe('It can be decided now'),
  })
  .meta({ id: 'Approval' });

export const taskDetailSchema = z
  .object({
    ...taskShape,
    fleet_id: z.string(),
    branch: z.string(),
    base_branch: z.string().nullable(),
    base_sha: z.string().nullable(),
    attempts: z
      .array(z.object({ attempt: z.int(), nodes: z.array(nodeSchema) }))
      .describe('The newest 20, the newest one last; nodes as they began'),
    approvals: z.array(approvalSchema).describe('Of the newest attempt'),
  })
  .meta({ id: 'TaskDetail' });

export const logsQuerySchema = z.strictObject({
  node: z.string().min(1).max(500).optional().describe('Id of a node, or of a group for all in it; absent: all'),
  attempt: z.coerce.number().int().min(1).optional().describe('From 1; absent: the newest'),
});

export const logsSchema = z
  .object({
    task_id: z.string(),
    attempt: z.int(),
    nodes: z.array(
      z.object({
        id: z.string().nullable().describe('null: something that was run beside the nodes'),
        title: z.string(),
        files: z.array(
          z.object({
            ...fileShape,
            text: z.string().describe('Without credentials and control characters; of an agent, its transcript'),
            whole: z.boolean().describe('false: something is left out before it'),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Logs' });

export type TaskDetailJson = z.infer<typeof taskDetailSchema>;
export type NodeJson = z.infer<typeof nodeSchema>;
export type ApprovalJson = z.infer<typeof approvalSchema>;
export type LogsJson = z.infer<typeof logsSchema>;
