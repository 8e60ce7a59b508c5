import { z } from 'zod';
import type { Person, Repository } from '../../../core/plan.ts';
import type { Permission } from '../../../ports/github-reads.ts';
import { parseAnswer } from '../answers.ts';
import type { InstallationClient } from '../client.ts';
import { dataOf } from './graphql-data.ts';

/** What GraphQL said for certain; undefined: it left that open. */
export interface TargetAnswer {
  permission: Permission | undefined;
  empty: boolean | undefined;
}

const target = z.object({
  databaseId: z.int().nullable(),
  collaborators: z
    .object({
      edges: z
        .array(z.object({ permission: z.string(), node: z.object({ databaseId: z.int().nullable() }) }).nullable())
        .nullable(),
    })
    .nullable(),
  defaultBranchRef: z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable(),
});
type Target = z.infer<typeof target>;
const answers = z.record(z.string(), target.nullable());

const PERMISSIONS = new Map<string, Permission>([
  ['ADMIN', 'admin'],
  ['MAINTAIN', 'maintain'],
  ['WRITE', 'write'],
  ['TRIAGE', 'triage'],
  ['READ', 'read'],
]);

/** One query with an alias per repository; names and login travel as variables, so that none becomes part of the text. */
function targetQuery(
  repositories: readonly Repository[],
  person: Person,
): { document: string; variables: Record<string, string> } {
  const declared = repositories.map((_, n) => `$owner${n}: String!, $name${n}: String!`).join(', ');
  const asked = repositories
    .map((_, n) => `  r${n}: repository(owner: $owner${n}, name: $name${n}) { ...target }`)
    .join('\n');
  const document = `query targets($login: String!, ${declared}) {
${asked}
}
fragment target on Repository {
  databaseId
  collaborators(login: $login, first: 1) { edges { permission node { databaseId } } }
  defaultBranchRef { target { oid } }
}`;
  const variables: Record<string, string> = { login: person.login };
  for (const [n, { ownerLogin, name }] of repositories.entries()) {
    variables[`owner${n}`] = ownerLogin;
    variables[`name${n}`] = name;
  }
  return { document, variables };
}

/** By repository id. An error on one alias leaves that one open and the others answered. */
export async function askTargets(
  { graphql, clock }: InstallationClient,
  repositories: readonly Repository[],
  person: Person,
): Promise<Map<number, TargetAnswer>> {
  const { document, variables } = targetQuery(repositories, person);
  const data = parseAnswer(
    answers,
    await dataOf(graphql(document, variables), clock.now()),
    'the query for permissions',
  );
  const byId = new Map<number, TargetAnswer>();
  for (const [n, { id }] of repositories.entries()) {
    const found = data[`r${n}`];
    // A name can belong to another repository since the list was read.
    if (found?.databaseId === id) byId.set(id, readAnswer(found, person));
  }
  return byId;
}

function readAnswer(found: Target, person: Person): TargetAnswer {
  const edge = found.collaborators?.edges?.[0];
  return {
    permission: edge?.node.databaseId === person.id ? PERMISSIONS.get(edge.permission) : undefined,
    empty: found.defaultBranchRef === null ? undefined : found.defaultBranchRef.target === null,
  };
}
