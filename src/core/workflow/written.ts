import { z } from 'zod';
import { durationMs } from './duration.ts';

/**
 * The file as a person writes it. Each `error` text is the hint of a fault: what to write instead.
 * Nothing is filled in here; normalize.ts does that.
 */
const text = (hint: string) => z.string({ error: hint }).min(1, { error: hint });
const flag = () => z.boolean({ error: 'Write true or false.' });
const count = (hint: string) => z.int({ error: hint }).min(1, { error: hint }).max(10_000, { error: hint });
const texts = (hint: string) => z.union([text(hint), z.array(text(hint), { error: hint })], { error: hint });
const duration = () => {
  const hint = 'Write a number and a unit, 7d at most: 30s, 10m, 2h.';
  return z.string({ error: hint }).refine((written) => durationMs(written) !== null, { error: hint });
};

const input = z.strictObject(
  {
    required: flag().optional(),
    default: text('Write a text; put numbers, true and false in quotes.').optional(),
    description: text('Write a text: what the input is for.').optional(),
    pattern: text("Write a regular expression in single quotes, for example '^\\d+$'.").optional(),
    enum: z
      .array(text('Write texts; put numbers, true and false in quotes.'), { error: 'Write a list: [a, b].' })
      .min(1, { error: 'Name at least one value, or leave `enum` out.' })
      .optional(),
    allow_dash: flag().optional(),
  },
  { error: 'Write a map, for example { required: true, description: "Target version" }.' },
);

const selection = {
  tag: texts('Write a tag or a list of tags: platform:my-app, or [language:ts, team:backend].').optional(),
  names: texts('Write names of repositories: [service-api, acme/service-worker].').optional(),
  match: texts('Write a glob or a list of globs: "acme/service-*".').optional(),
};

const service = z.strictObject(
  { ...selection, not: z.strictObject(selection, { error: 'Write a map: { tag: deprecated }.' }).optional() },
  { error: 'Write a map with `tag`, `names` or `match`.' },
);

const agent = z.strictObject(
  { name: text("Write the name of an agent of the operator's settings.") },
  { error: "Write the name of an agent of the operator's settings." },
);

const node = z.strictObject(
  {
    id: text('Give the node an `id`: small letters, digits, `_` and `-`.'),
    bash: text('Write the commands as a text; `|` begins one of several lines.').optional(),
    prompt: text('Write the text for the agent; `|` begins one of several lines.').optional(),
    depends_on: texts('Write the ids of the nodes that come before: [build, test].').optional(),
    when: z.union([text(''), z.boolean()], { error: 'Write a condition: $test.exit_code != 0' }).optional(),
    timeout: duration().optional(),
    idle_timeout: duration().optional(),
    continue_on_error: flag().optional(),
    agent: z.union([text(''), agent], { error: 'Write the name of an agent, or { name: opencode }.' }).optional(),
  },
  { error: 'Write a map with an `id` and one of `bash` and `prompt`.' },
);

const pullRequest = z.strictObject(
  {
    title: text('Write a text.').optional(),
    body: text('Write a text.').optional(),
    commit_message: text('Write a text.').optional(),
    base: text('Write the name of a branch; without it the default branch is the base.').optional(),
    draft: flag().optional(),
    labels: texts('Write a list of labels: [dependencies].').optional(),
    reviewers: texts('Write a list of logins and teams: [octocat, team:platform].').optional(),
    assignees: texts('Write a list of logins: [octocat].').optional(),
    commit: z.enum(['push', 'api'], { error: 'Write push (by git) or api (commits made by GitHub).' }).optional(),
  },
  { error: 'Write a map with `title`, `body`, ...' },
);

export const writtenWorkflow = z.strictObject(
  {
    name: text("Write the workflow's name: small letters, digits, `.`, `_` and `-`."),
    description: text('Write a text.').optional(),
    inputs: z.record(z.string(), input, { error: 'Write a map: name of the input to its definition.' }).optional(),
    services: z
      .union(
        [z.literal('any'), z.array(service, { error: '' }).min(1, { error: 'Add an entry, or leave `services` out.' })],
        { error: 'Write a list of entries, or any; without `services` the control repository alone is meant.' },
      )
      .optional(),
    exclude: texts('Write a glob or a list of globs: [acme/legacy-*].').optional(),
    parallel: z
      .union([z.boolean(), count('')], { error: 'Write true (up to the caps), false (one by one) or a number from 1.' })
      .optional(),
    branch: text('Write the name of a branch; {{name}} stands for an input.').optional(),
    only_if: text('Write a command; exit status 1 means: not applicable.').optional(),
    limits: z
      .strictObject({ task_timeout: duration().optional() }, { error: 'Write a map: { task_timeout: 30m }.' })
      .optional(),
    pull_request: pullRequest.optional(),
    nodes: z
      .array(node, { error: 'Write a list of nodes, each with an `id` and one of `bash` and `prompt`.' })
      .min(1, { error: 'Add a node: - id: test, then bash: npm test' }),
  },
  { error: 'A workflow is a map with `name` and `nodes`.' },
);

export type WrittenWorkflow = z.infer<typeof writtenWorkflow>;
export type WrittenNode = z.infer<typeof node>;
export type WrittenService = z.infer<typeof service>;

const keysOf = (shape: object): readonly string[] => Object.keys(shape);

/** Known keys of the map at a path, for the nearest name. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  switch (mapAt(path)) {
    case 'workflow':
      return keysOf(writtenWorkflow.shape);
    case 'limits':
      return ['task_timeout'];
    case 'pull_request':
      return keysOf(pullRequest.shape);
    case 'input':
      return keysOf(input.shape);
    case 'entry':
      return keysOf(service.shape);
    case 'not':
      return keysOf(selection);
    case 'node':
      return keysOf(node.shape);
    case 'agent':
      return keysOf(agent.shape);
  }
}

export const NODE_KINDS = ['bash', 'prompt'] as const;

/** Kinds of nodes that belong to the language and that this version does not carry out. */
export const LATER_KINDS = ['script', 'command', 'loop', 'loop_group', 'approval', 'cancel', 'include'] as const;

const LATER_KEYS: Readonly<Record<MapName, readonly string[]>> = {
  workflow: ['rollout', 'siblings', 'requires', 'evidence'],
  limits: ['budget_usd'],
  pull_request: [],
  input: [],
  entry: [],
  not: [],
  node: [...LATER_KINDS, 'trigger_rule', 'retry', 'output_format', 'env', 'always_run', 'with', 'runtime'],
  agent: ['budget_usd'],
};

/** Keys of the language that this version does not carry out; they are refused, so that none is silently ignored. */
export const laterKeys = (path: readonly PropertyKey[]): readonly string[] => LATER_KEYS[mapAt(path)];

type MapName = 'workflow' | 'limits' | 'pull_request' | 'input' | 'entry' | 'not' | 'node' | 'agent';

function mapAt(path: readonly PropertyKey[]): MapName {
  const last = path.at(-1);
  switch (path[0]) {
    case 'limits':
      return 'limits';
    case 'pull_request':
      return 'pull_request';
    case 'inputs':
      return 'input';
    case 'services':
      return last === 'not' ? 'not' : 'entry';
    case 'nodes':
      return last === 'agent' ? 'agent' : 'node';
    default:
      return 'workflow';
  }
}
