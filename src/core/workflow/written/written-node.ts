import { z } from 'zod';
import { TRIGGER_RULES } from '../types.ts';
import { count, duration, flag, text, texts, values } from './values.ts';

export const MAX_ITERATIONS = 50;
export const MAX_ATTEMPTS = 10;

const PROMPT = 'Write the text for the agent; `|` begins one of several lines.';
const COMMAND = 'Write the name of a file beside the workflow, without `.md`: migrate.';

export const writtenAgent = z.strictObject(
  { name: text("Write the name of an agent of the operator's settings.") },
  { error: "Write the name of an agent of the operator's settings." },
);

const retry = z.strictObject(
  {
    max_attempts: count(`Write a number from 1 to ${MAX_ATTEMPTS}; the first try counts.`, MAX_ATTEMPTS),
    delay: duration().optional(),
    on_error: z.enum(['transient', 'all'], { error: 'Write transient or all.' }).optional(),
  },
  { error: 'Write a map: { max_attempts: 3, delay: 10s }.' },
);

const script = z.union(
  [
    text(''),
    z.strictObject(
      { file: text('Write the path of a file beside the workflow: bump.mjs.') },
      { error: 'Write { file: bump.mjs }.' },
    ),
  ],
  { error: 'Write the program as a text, or { file: bump.mjs } for one beside the workflow.' },
);

const until = {
  until: text('Write the word with which the answer ends: DONE.').optional(),
  until_bash: text('Write a command; exit status 0 ends the loop.').optional(),
  max_iterations: count(`Write a number from 1 to ${MAX_ITERATIONS}.`, MAX_ITERATIONS),
};

const loop = z.strictObject(
  {
    prompt: text(PROMPT).optional(),
    command: text(COMMAND).optional(),
    ...until,
    until_field: text('Write the name of a boolean property of `output_format`.').optional(),
    fresh_context: z.literal(true, { error: 'Every iteration is a session of its own; remove the line.' }).optional(),
  },
  { error: 'Write a map with `prompt` or `command`, an end such as `until`, and `max_iterations`.' },
);

/** Written out, because a node can hold nodes and the compiler infers no type from itself. */
export interface WrittenLoopGroup {
  until?: string | undefined;
  until_bash?: string | undefined;
  max_iterations: number;
  nodes: WrittenNode[];
}

const loopGroup = z.strictObject(
  {
    ...until,
    get nodes(): z.ZodType<WrittenNode[]> {
      return z.array(writtenNode, { error: 'Write a list of nodes.' }).min(1, { error: 'Add a node.' });
    },
  },
  { error: 'Write a map with `nodes`, `until` or `until_bash`, and `max_iterations`.' },
);

const decision = z.strictObject(
  {
    id: text('Write a word: small letters, digits and `-`.'),
    label: text('Write what people read.').optional(),
  },
  { error: 'Write a map: { id: needs-work, label: "Needs work" }.' },
);

const approval = z.strictObject(
  {
    message: text('Write what the person has to decide.'),
    decisions: z
      .array(decision, { error: 'Write a list: [{ id: approve }, { id: needs-work }].' })
      .min(1, { error: 'Add a decision, or leave `decisions` out: approve and reject.' })
      .optional(),
    capture_response: flag().optional(),
  },
  { error: 'Write a map with a `message`.' },
);

const shape = {
  id: text('Give the node an `id`: small letters, digits, `_` and `-`.'),
  description: text('Write a text.').optional(),
  bash: text('Write the commands as a text; `|` begins one of several lines.').optional(),
  script: script.optional(),
  runtime: z.enum(['node', 'python'], { error: 'Write node or python.' }).optional(),
  prompt: text(PROMPT).optional(),
  command: text(COMMAND).optional(),
  loop: loop.optional(),
  approval: approval.optional(),
  cancel: text('Write the reason.').optional(),
  include: text('Write the name of a workflow.').optional(),
  with: values('Write a map: name of the input to its value.').optional(),
  depends_on: texts('Write the ids of the nodes that come before: [build, test].').optional(),
  when: z.union([text(''), z.boolean()], { error: 'Write a condition: $test.exit_code != 0' }).optional(),
  trigger_rule: z.enum(TRIGGER_RULES, { error: `Write one of ${TRIGGER_RULES.join(', ')}.` }).optional(),
  retry: retry.optional(),
  timeout: duration().optional(),
  idle_timeout: duration().optional(),
  output_format: z
    .record(z.string(), z.unknown(), { error: 'Write a JSON Schema: { type: object, properties: ... }.' })
    .optional(),
  continue_on_error: flag().optional(),
  env: values('Write a map: NAME to its value.').optional(),
  agent: z.union([text(''), writtenAgent], { error: 'Write the name of an agent, or { name: opencode }.' }).optional(),
  always_run: flag().optional(),
};

type FlatNode = z.infer<z.ZodObject<typeof shape, z.core.$strict>>;
export type WrittenNode = FlatNode & { loop_group?: WrittenLoopGroup | undefined };

export const writtenNode = z.strictObject(
  { ...shape, loop_group: loopGroup.optional() },
  { error: 'Write a map with an `id` and one kind, such as `bash` or `prompt`.' },
);
