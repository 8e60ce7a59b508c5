import { z } from 'zod';
import { GitHubError, type TaskFacts } from '../../../ports/github-reads.ts';
import { parseAnswer } from '../answers.ts';
import type { InstallationClient } from '../client.ts';
import { ownerAndRepo } from '../full-name.ts';
import { dataOf } from './graphql-data.ts';

/** Names travel as variables, so that none becomes part of the text. */
const DOCUMENT = `query task($owner: String!, $name: String!, $controlOwner: String!, $controlName: String!, $branch: String!, $head: String!, $base: String!, $named: Boolean!) {
  target: repository(owner: $owner, name: $name) {
    databaseId
    nameWithOwner
    visibility
    isArchived
    defaultBranchRef { name target { oid } }
    base: ref(qualifiedName: $base) @include(if: $named) { target { oid } }
    head: ref(qualifiedName: $head) { target { oid } }
    pullRequests(headRefName: $branch, first: 1) { totalCount }
  }
  control: repository(owner: $controlOwner, name: $controlName) { databaseId visibility }
}`;

const visibility = z.enum(['PUBLIC', 'INTERNAL', 'PRIVATE']).transform((level) => VISIBILITIES[level]);
const VISIBILITIES = { PUBLIC: 'public', INTERNAL: 'internal', PRIVATE: 'private' } as const;

const commit = z.object({ oid: z.string().regex(/^[0-9a-f]{40}$/) });
const ref = z.object({ target: commit.nullable() }).nullable();

const answer = z.object({
  target: z
    .object({
      databaseId: z.int().nullable(),
      nameWithOwner: z.string(),
      visibility,
      isArchived: z.boolean(),
      defaultBranchRef: z.object({ name: z.string(), target: commit.nullable() }).nullable(),
      base: ref.optional(),
      head: ref,
      pullRequests: z.object({ totalCount: z.int() }),
    })
    .nullish(),
  control: z.object({ databaseId: z.int().nullable(), visibility }).nullish(),
});
type Answer = z.infer<typeof answer>;

/**
 * By one query. What it leaves open is for REST to say. Throws GitHubError for a limit alone: it holds for
 * what would be asked instead, too.
 */
export async function readTaskFacts(
  { graphql, clock }: InstallationClient,
  { target, control, base, branch }: { target: string; control: string; base: string | null; branch: string },
): Promise<TaskFacts> {
  const { owner, repo: name } = ownerAndRepo(target);
  const { owner: controlOwner, repo: controlName } = ownerAndRepo(control);
  try {
    const refs = { branch, head: `refs/heads/${branch}`, base: `refs/heads/${base ?? branch}`, named: base !== null };
    const asking = graphql(DOCUMENT, { owner, name, controlOwner, controlName, ...refs });
    const found = parseAnswer(answer, await dataOf(asking, clock.now()), 'the query for a task');
    return { ...targetOf(found.target), control: controlOf(found.control) };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.kind === 'limited') throw error;
    return {};
  }
}

/** A repository without a commit has no default branch here, and over REST it has. */
function targetOf(found: Answer['target']): Pick<TaskFacts, 'target' | 'proposed' | 'heads'> {
  if (found?.databaseId == null || found.defaultBranchRef === null) return {};
  const base = found.base === undefined ? found.defaultBranchRef : found.base;
  return {
    target: {
      id: found.databaseId,
      fullName: found.nameWithOwner,
      visibility: found.visibility,
      archived: found.isArchived,
      defaultBranch: found.defaultBranchRef.name,
    },
    proposed: found.pullRequests.totalCount > 0,
    heads: base?.target == null ? undefined : { base: base.target.oid, branch: found.head?.target?.oid ?? null },
  };
}

const controlOf = (found: Answer['control']): TaskFacts['control'] =>
  found?.databaseId == null ? undefined : { id: found.databaseId, visibility: found.visibility };
