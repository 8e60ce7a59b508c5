import { z } from 'zod';
import { TRIGGER_RULES } from '../types.ts';
import { DECISION_ID, FILE_BESIDE, NODE_ID, VARIABLE_NAME, WORKFLOW_NAME } from './name-patterns.ts';
import { count, duration, flag, money, text, texts, values } from './values.ts';

export const MAX_ITERATIONS = 50;
export const MAX_ATTEMPTS = 10;

const PROMPT = 'Write the text for the agent; `|` begins one of several lines.';
const COMMAND = 'Write the name of a file beside the workflow, without `.md`: migrate.';

const AGENT = 'Write the name of an agent, or a map: { name: opencode, budget_usd: 2 }.';

const agent = z
  .strictObject(
    {
      name: text("Write the name of an agent of the operator's settings.")
        .optional()
        .describe("A name of the operator's settings; without it their `default_agent`."),
      budget_usd: money()
        .optional()
        .describe(
          'US dollars that the sessions of this node may cost together in one task, iterations and tries counted. Over it the agent is stopped and the node fails.',
        ),
    },
    { error: AGENT },
  )
  .refine(({ name, budget_usd: budget }) => name !== undefined || budget !== undefined, { error: AGENT })
  .meta({ minProperties: 1 });

const retry = z.strictObject(
  {
    max_attempts: count(`Write a number from 1 to ${MAX_ATTEMPTS}; the first try counts.`, MAX_ATTEMPTS).describe(
      'How often the node is tried in all; the first try counts.',
    ),
    delay: duration().optional().describe('Wait before the second try, doubled before each further one.'),
    on_error: z
      .enum(['transient', 'all'], { error: 'Write transient or all.' })
      .optional()
      .describe(
        'After which failures: `transient` for those that may pass, such as the network; `all` also for a command that ended with another status than 0.',
      ),
  },
  { error: 'Write a map: { max_attempts: 3, delay: 10s }.' },
);

const script = z.union(
  [
    text('Write the program as a text, or { file: bump.mjs } for one beside the workflow.'),
    z.strictObject(
      {
        file: text('Write the path of a file beside the workflow: bump.mjs.', FILE_BESIDE).describe(
          'Path of the program from the folder of the workflow, without `..`. Its ending says the runtime.',
        ),
      },
      { error: 'Write { file: bump.mjs }.' },
    ),
  ],
  { error: 'Write the program as a text, or { file: bump.mjs } for one beside the workflow.' },
);

const until = {
  until: text('Write the word with which the answer ends: DONE.')
    .optional()
    .describe("Ends the loop when the output's last line is this word, or ends with it in `<promise>` tags."),
  until_bash: text('Write a command; exit status 0 ends the loop.')
    .optional()
    .describe('Command after each iteration; exit status 0 ends the loop. It reads the output as `LOOP_OUTPUT`.'),
  max_iterations: count(`Write a number from 1 to ${MAX_ITERATIONS}.`, MAX_ITERATIONS).describe(
    'The node fails when so many iterations reach no end.',
  ),
};

const loop = z.strictObject(
  {
    prompt: text(PROMPT).optional().describe('Text for the agent. Exactly one of `prompt` and `command`.'),
    command: text(COMMAND, FILE_BESIDE)
      .optional()
      .describe('File beside the workflow with the text for the agent, without `.md`.'),
    ...until,
    until_field: text('Write the name of a boolean property of `output_format`.')
      .optional()
      .describe('A required boolean property of `output_format`; true ends the loop.'),
    fresh_context: z
      .literal(true, { error: 'Every iteration is a session of its own; remove the line.' })
      .optional()
      .describe('Every iteration is a session of its own; the line may be left out.'),
  },
  { error: 'Write a map with `prompt` or `command`, an end such as `until`, and `max_iterations`.' },
);

/** Written out, because a node can hold nodes and the compiler infers no type from itself. */
interface WrittenLoopGroup {
  until?: string | undefined;
  until_bash?: string | undefined;
  max_iterations: number;
  nodes: WrittenNode[];
}

const loopGroup = z.strictObject(
  {
    ...until,
    get nodes(): z.ZodType<WrittenNode[]> {
      return z
        .array(writtenNode, { error: 'Write a list of nodes.' })
        .min(1, { error: 'Add a node.' })
        .describe(
          'What is repeated. `depends_on` names nodes of this list; texts may also name what comes before the group.',
        );
    },
  },
  { error: 'Write a map with `nodes`, `until` or `until_bash`, and `max_iterations`.' },
);

const decision = z.strictObject(
  {
    id: text('Write a word: small letters, digits and `-`.', DECISION_ID).describe(
      'What the person writes, and what the node says as its output.',
    ),
    label: text('Write what people read.').optional().describe('What people read; without it the id.'),
  },
  { error: 'Write a map: { id: needs-work, label: "Needs work" }.' },
);

const approval = z.strictObject(
  {
    message: text('Write what the person has to decide.').describe('What the person has to decide. Takes references.'),
    decisions: z
      .array(decision, { error: 'Write a list: [{ id: approve }, { id: needs-work }].' })
      .min(1, { error: 'Add a decision, or leave `decisions` out: approve and reject.' })
      .optional()
      .describe('What can be decided. Without it: approve, and reject, which ends the task as cancelled.'),
    capture_response: flag()
      .optional()
      .describe('The output is JSON with `decision` and `text`, in place of the id of the decision.'),
  },
  { error: 'Write a map with a `message`.' },
);

const shape = {
  id: text('Give the node an `id`: small letters, digits, `_` and `-`.', NODE_ID).describe(
    'Name of the node, unique in the file: small letters, digits, `_` and `-`, a letter first.',
  ),
  description: text('Write a text.').optional().describe('What the node is for. For people alone.'),
  bash: text('Write the commands as a text; `|` begins one of several lines.')
    .optional()
    .describe(
      'Commands, run with `bash -eo pipefail` in the work tree. Never rewritten: values are environment variables.',
    ),
  script: script
    .optional()
    .describe(
      'A program for `runtime`, or `{ file: bump.mjs }` for one beside the workflow. Never rewritten, as `bash`.',
    ),
  runtime: z
    .enum(['node', 'python'], { error: 'Write node or python.' })
    .optional()
    .describe('Language of `script`. Needed for a text; of a file, the ending says it.'),
  prompt: text(PROMPT).optional().describe('Text for an agent that works in the work tree. Takes references.'),
  command: text(COMMAND, FILE_BESIDE)
    .optional()
    .describe('File beside the workflow with the text for an agent, without `.md`. Its text takes references.'),
  loop: loop
    .optional()
    .describe('An agent again and again, each time in a session of its own, until an end is reached.'),
  approval: approval
    .optional()
    .describe('A question to a person; the task waits for the answer. At the top level only.'),
  cancel: text('Write the reason.')
    .optional()
    .describe('Reason with which the task ends as cancelled. Takes references.'),
  include: text('Write the name of a workflow.', WORKFLOW_NAME)
    .optional()
    .describe(
      'Name of another workflow, whose nodes run as a group in this node and see its inputs and each other only.',
    ),
  with: values('Write a map: name of the input to its value.')
    .optional()
    .describe(
      "Inputs: of the command's text beside those of the workflow, or of the included workflow. Values take references.",
    ),
  depends_on: texts('Write the ids of the nodes that come before: [build, test].', NODE_ID)
    .optional()
    .describe('Nodes that must have ended before this one starts. Without it the node starts at once.'),
  when: z
    .union([text('Write a condition: $test.exit_code != 0'), z.boolean()], {
      error: 'Write a condition: $test.exit_code != 0',
    })
    .optional()
    .describe('Condition, such as `$test.exit_code != 0`; when it is false the node is skipped.'),
  trigger_rule: z
    .enum(TRIGGER_RULES, { error: `Write one of ${TRIGGER_RULES.join(', ')}.` })
    .optional()
    .describe('Which ends of the nodes in `depends_on` let this one run.'),
  retry: retry.optional().describe('Tries again after a failure; the work tree stays as it is. Without it, one try.'),
  timeout: duration()
    .optional()
    .describe(
      'Longest time of one try; of a loop, of one iteration; of a loop_group, of all iterations; of an approval, of the wait.',
    ),
  idle_timeout: duration().optional().describe('The node fails when the agent is silent for so long.'),
  output_format: z
    .record(z.string(), z.unknown(), { error: 'Write a JSON Schema: { type: object, properties: ... }.' })
    .optional()
    .describe(
      'JSON Schema of the output. An agent is asked once more when its answer does not fit; then the node fails.',
    ),
  continue_on_error: flag()
    .optional()
    .describe('A failure counts as success for what follows, and does not fail the task.'),
  env: values('Write a map: NAME to its value.', VARIABLE_NAME)
    .optional()
    .describe('Environment variables of its own: NAME to a text, which takes references.'),
  agent: z
    .union([text(AGENT), agent], { error: AGENT })
    .optional()
    .describe("Which agent of the operator's settings, without it their `default_agent`, and what it may cost."),
  always_run: flag().optional().describe('Runs again when the task goes on after a wait, although it had completed.'),
};

type FlatNode = z.infer<z.ZodObject<typeof shape, z.core.$strict>>;
export type WrittenNode = FlatNode & { loop_group?: WrittenLoopGroup | undefined };

export const writtenNode = z
  .strictObject(
    {
      ...shape,
      loop_group: loopGroup.optional().describe('Nodes that are repeated together until an end is reached.'),
    },
    { error: 'Write a map with an `id` and one kind, such as `bash` or `prompt`.' },
  )
  .meta({ id: 'node' });
