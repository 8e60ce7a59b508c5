import { z } from 'zod';
import { INPUT_NAME, LOGIN, LOGIN_OR_TEAM, PROGRAM, WORKFLOW_NAME } from './name-patterns.ts';
import { count, duration, flag, money, text, texts } from './values.ts';
import { writtenNode } from './written-node.ts';
import { writtenRollout } from './written-rollout.ts';
import { writtenService } from './written-service.ts';

/**
 * The file as a person writes it. Each `error` text is the hint of a fault: what to write instead; each description is for
 * the reference and for editors. Nothing is filled in here; normalize.ts does that.
 */

const input = z.strictObject(
  {
    required: flag()
      .optional()
      .describe('Whoever starts the workflow must give a value. Required inputs name the branch.'),
    default: text('Write a text; put numbers, true and false in quotes.')
      .optional()
      .describe('Value when none is given. Without it the input is empty.'),
    description: text('Write a text: what the input is for.')
      .optional()
      .describe('What the input is for; messages show it.'),
    pattern: text("Write a regular expression in single quotes, for example '^\\d+$'.")
      .optional()
      .describe("Regular expression with RE2's syntax that the value must match; anchor it: `^…$`."),
    enum: z
      .array(text('Write texts; put numbers, true and false in quotes.'), { error: 'Write a list: [a, b].' })
      .min(1, { error: 'Name at least one value, or leave `enum` out.' })
      .optional()
      .describe('The only values that are allowed.'),
    allow_dash: flag()
      .optional()
      .describe('The value may begin with `-` although there is no `pattern` and no `enum`.'),
  },
  { error: 'Write a map, for example { required: true, description: "Target version" }.' },
);

const pullRequest = z.strictObject(
  {
    title: text('Write a text.').optional().describe('Title. Takes references; without it the name and the inputs.'),
    body: text('Write a text.')
      .optional()
      .describe('Text above what Flotilla adds. Takes references; without it the `description`.'),
    commit_message: text('Write a text.')
      .optional()
      .describe('Message of the one commit. Takes references; without it the title.'),
    base: text('Write the name of a branch; without it the default branch is the base.')
      .optional()
      .describe("Branch to start from and to merge into; without it the repository's default branch."),
    draft: flag().optional().describe('Opens it as a draft.'),
    labels: texts('Write a list of labels: [dependencies].').optional().describe('Labels to add.'),
    reviewers: texts('Write a list of logins and teams: [octocat, team:platform].', LOGIN_OR_TEAM)
      .optional()
      .describe('Logins, without `@`, and teams, as `team:platform`.'),
    assignees: texts('Write a list of logins: [octocat].', LOGIN).optional().describe('Logins, without `@`.'),
    commit: z
      .enum(['push', 'api'], { error: 'Write push (by git) or api (commits made by GitHub).' })
      .optional()
      .describe('`push`: by git. `api`: GitHub makes the commit and shows it as Verified.'),
  },
  { error: 'Write a map with `title`, `body`, ..., or false: nothing is pushed.' },
);

const limits = z.strictObject(
  {
    task_timeout: duration().optional().describe('Longest time of the whole run in one repository.'),
    budget_usd: money()
      .optional()
      .describe('US dollars that all agents of the fleet may cost together; the settings may hold a smaller number.'),
    task_budget_usd: money()
      .optional()
      .describe('US dollars that all agents of one repository may cost together, over all attempts.'),
  },
  { error: 'Write a map: { task_timeout: 30m, budget_usd: 25 }.' },
);

export const writtenWorkflow = z.strictObject(
  {
    name: text("Write the workflow's name: small letters, digits, `.`, `_` and `-`.", WORKFLOW_NAME).describe(
      'Name for `/fleet <name>`, the same as that of the file: small letters, digits, `.`, `_` and `-`.',
    ),
    description: text('Write a text.').optional().describe('What the workflow is for; `/fleet list` shows it.'),
    inputs: z
      .record(z.string(), input, { error: 'Write a map: name of the input to its definition.' })
      .meta({ propertyNames: { pattern: INPUT_NAME } })
      .optional()
      .describe('Values that are given with the command, as in `version=2.0`: name to definition. Each must be used.'),
    services: z
      .union(
        [
          z.literal('any'),
          z.array(writtenService, { error: '' }).min(1, { error: 'Add an entry, or leave `services` out.' }),
        ],
        { error: 'Write a list of entries, or any; without `services` the control repository alone is meant.' },
      )
      .optional()
      .describe(
        'Repositories to run in; entries add up. `any`: the flags of the command say it. Without it the control repository alone.',
      ),
    exclude: texts('Write a glob or a list of globs: [acme/legacy-*].')
      .optional()
      .describe('Globs on `owner/name` that are left out, whatever `services` says.'),
    siblings: z
      .array(writtenService, { error: 'Write a list of entries as under `services`: [{ tag: role:library }].' })
      .min(1, { error: 'Add an entry, or leave `siblings` out.' })
      .max(20, { error: 'Twenty entries at most.' })
      .optional()
      .describe(
        'Repositories to read beside the clone, as copies in `$SIBLINGS_DIR/<owner>/<name>`; entries as under `services`, 20 repositories at most. Only those that at least as many people can see as the target.',
      ),
    parallel: z
      .union([z.boolean(), count('Write true (up to the caps), false (one by one) or a number from 1.')], {
        error: 'Write true (up to the caps), false (one by one) or a number from 1.',
      })
      .optional()
      .describe('How many repositories at once: `false` one by one, `true` up to the caps, or a number.'),
    branch: text('Write the name of a branch; {{name}} stands for an input.')
      .optional()
      .describe(
        'Branch of the pull requests, the same everywhere; takes inputs alone. Without it `fleet/<name>` and the required inputs.',
      ),
    only_if: text('Write a command; exit status 1 means: not applicable.')
      .optional()
      .describe('Command before the nodes; exit status 1: not applicable, nothing else runs; above 1: the task fails.'),
    rollout: writtenRollout
      .optional()
      .describe('In which order and in which portions the repositories are done, and what stops it.'),
    limits: limits.optional().describe('How long one task may run, and what the agents of all may cost.'),
    pull_request: z
      .union([z.literal(false), pullRequest], {
        error: 'Write a map with `title`, `body`, ..., or false: nothing is pushed.',
      })
      .optional()
      .describe('The pull requests. `false`: nothing is pushed, and the output of the last node is the result.'),
    requires: texts('Write a list of programs: [npm, python3].', PROGRAM)
      .optional()
      .describe('Programs that must be on PATH; looked for before the nodes run.'),
    evidence: texts('Write a list of paths in the repository: [reports/summary.md].')
      .optional()
      .describe('Paths that must exist in the work tree after the nodes, or the task fails.'),
    nodes: z
      .array(writtenNode, {
        error: 'Write a list of nodes, each with an `id` and one kind, such as `bash` or `prompt`.',
      })
      .min(1, { error: 'Add a node: - id: test, then bash: npm test' })
      .describe('What is done in each repository. Nodes that do not wait for each other run side by side.'),
  },
  { error: 'A workflow is a map with `name` and `nodes`.' },
);

export type WrittenWorkflow = z.infer<typeof writtenWorkflow>;
