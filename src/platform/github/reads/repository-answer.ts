import { z } from 'zod';
import type { Repository } from '../../../core/plan.ts';

const propertyValue = z.union([z.string(), z.array(z.string()), z.null()]);

/** Custom properties by name; one without a value is left out. */
export const customProperties = z
  .record(z.string(), propertyValue)
  .nullish()
  .transform((properties) => withValue(properties ?? {}));

/** A repository as REST describes it. */
export const repositoryAnswer = z
  .object({
    id: z.int(),
    full_name: z.string(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
    private: z.boolean(),
    visibility: z.enum(['public', 'internal', 'private']).optional(),
    archived: z.boolean().default(false),
    disabled: z.boolean().default(false),
    fork: z.boolean(),
    has_issues: z.boolean().default(true),
    default_branch: z.string(),
    topics: z.array(z.string()).nullish(),
    custom_properties: customProperties,
  })
  .transform(
    (answer): Repository => ({
      id: answer.id,
      fullName: answer.full_name,
      ownerLogin: answer.owner.login,
      name: answer.name,
      visibility: answer.visibility ?? (answer.private ? 'private' : 'public'),
      archived: answer.archived,
      disabled: answer.disabled,
      fork: answer.fork,
      hasIssues: answer.has_issues,
      defaultBranch: answer.default_branch,
      topics: answer.topics ?? [],
      customProperties: answer.custom_properties,
    }),
  );

function withValue(properties: Record<string, string | string[] | null>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
