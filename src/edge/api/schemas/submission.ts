import { z } from 'zod';

const MOST_REPOSITORIES = 10_000;
const MOST_BOUNDS = 100;

const bounds = z.array(z.string().max(1000)).max(MOST_BOUNDS);

/** What `POST /v1/fleets` takes: what a comment `/fleet <workflow> key=value …` says. */
export const submissionSchema = z
  .strictObject({
    control_repository: z
      .string()
      .regex(/^[\w-]+\/(?!\.{1,2}$)[\w.-]+$/, 'must be `owner/name`')
      .describe('Where the tracking issue will be, `owner/name`'),
    workflow: z.string().max(200).describe("The workflow's name"),
    inputs: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe('Its inputs. Numbers arrive as JSON writes them, so send `"2.0"` as a text'),
    services: z
      .strictObject({
        tag: bounds.optional().describe('Tags that every target has'),
        match: bounds.optional().describe('Globs on `owner/repo`, one of which fits'),
        exclude: bounds.optional().describe('Globs on what is left out'),
      })
      .optional()
      .describe("Narrows the workflow's `services`; names the targets where they are `any`"),
    repositories: z
      .array(z.string().max(200))
      .max(MOST_REPOSITORIES)
      .optional()
      .describe("An explicit list, `owner/name` or `name`: narrows the workflow's `services`, or names the targets"),
    plan_only: z.boolean().optional().describe('Stops at the plan, which an approval then runs'),
    preview: z.boolean().optional().describe('Runs everything and pushes nothing'),
    draft: z.boolean().optional().describe('Opens pull requests as drafts'),
    again: z.boolean().optional().describe('Also where a person closed the pull request before'),
    concurrency: z.int().min(1).max(1000).optional().describe('Tasks at once; the caps of the settings hold as well'),
  })
  .meta({ id: 'Submission' });

export type Submission = z.infer<typeof submissionSchema>;
