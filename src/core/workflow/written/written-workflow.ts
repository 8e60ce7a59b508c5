import { z } from 'zod';
import { count, duration, flag, text, texts } from './values.ts';
import { writtenNode } from './written-node.ts';

/**
 * The file as a person writes it. Each `error` text is the hint of a fault: what to write instead.
 * Nothing is filled in here; normalize.ts does that.
 */

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
  { error: 'Write a map with `title`, `body`, ..., or false: nothing is pushed.' },
);

export const writtenLimits = z.strictObject(
  { task_timeout: duration().optional() },
  { error: 'Write a map: { task_timeout: 30m }.' },
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
    limits: writtenLimits.optional(),
    pull_request: z
      .union([z.literal(false), pullRequest], {
        error: 'Write a map with `title`, `body`, ..., or false: nothing is pushed.',
      })
      .optional(),
    requires: texts('Write a list of programs: [npm, python3].').optional(),
    evidence: texts('Write a list of paths in the repository: [reports/summary.md].').optional(),
    nodes: z
      .array(writtenNode, {
        error: 'Write a list of nodes, each with an `id` and one kind, such as `bash` or `prompt`.',
      })
      .min(1, { error: 'Add a node: - id: test, then bash: npm test' }),
  },
  { error: 'A workflow is a map with `name` and `nodes`.' },
);

export type WrittenWorkflow = z.infer<typeof writtenWorkflow>;
export type WrittenService = z.infer<typeof service>;
