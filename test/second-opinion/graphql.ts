import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { buildSchema, GraphQLError, type GraphQLSchema, graphql } from 'graphql';
import { z } from 'zod';
import { type Answer, jsonAnswer, jsonOf } from './exchange.ts';
import type { Scene } from './scene.ts';
import type { Caller } from './tokens.ts';

const bodyJson = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });
const repositoryJson = z.object({ id: z.number(), full_name: z.string(), default_branch: z.string() });
const permissionJson = z.object({ permission: z.string(), user: z.object({ id: z.number(), login: z.string() }) });
const refJson = z.object({ object: z.object({ sha: z.string() }) });

/** emulate's words for a permission in those of `RepositoryPermission`. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  admin: 'ADMIN',
  maintain: 'MAINTAIN',
  push: 'WRITE',
  triage: 'TRIAGE',
  pull: 'READ',
};

/** Executes a document on GitHub's public schema. Only what the app asks for has an answer; it comes from emulate's REST. */
export async function answerGraphql({ judge }: Scene, caller: Caller, body: Buffer): Promise<Answer> {
  const request = bodyJson.safeParse(jsonOf({ body }));
  if (!request.success) return jsonAnswer(400, { message: 'Problems parsing JSON' });
  const get = async <T>(type: z.ZodType<T>, path: string): Promise<T | undefined> => {
    const answer = await judge.ask(caller.token, 'GET', path);
    return answer.status === 200 ? type.parse(jsonOf(answer)) : undefined;
  };

  const repository = async ({ owner, name }: { owner: string; name: string }) => {
    const path = `/repos/${owner}/${name}`;
    const said = await get(repositoryJson, path);
    if (said === undefined) {
      const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
      throw new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } });
    }
    return {
      databaseId: said.id,
      nameWithOwner: said.full_name,
      collaborators: async ({ login }: { login: string }) => {
        const found = await get(permissionJson, `${path}/collaborators/${encodeURIComponent(login)}/permission`);
        if (found === undefined) return { edges: [] };
        const { id, login: exact } = found.user;
        return { edges: [{ permission: PERMISSIONS[found.permission], node: { databaseId: id, login: exact } }] };
      },
      defaultBranchRef: async () => {
        const ref = await get(refJson, `${path}/git/ref/heads/${encodeURIComponent(said.default_branch)}`);
        if (ref === undefined) return null;
        return { name: said.default_branch, target: { __typename: 'Commit', oid: ref.object.sha } };
      },
    };
  };

  const { data, errors } = await graphql({
    schema: githubSchema(),
    source: request.data.query,
    rootValue: { repository },
    variableValues: request.data.variables ?? {},
  });
  return jsonAnswer(200, {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { errors: errors.map(typed) }),
  });
}

/** GitHub puts an error's `type` beside its message. */
function typed(error: GraphQLError): object {
  const { message, path, locations, extensions } = error.toJSON();
  return { ...(extensions?.type === undefined ? {} : { type: extensions.type }), path, locations, message };
}

let built: GraphQLSchema | undefined;

function githubSchema(): GraphQLSchema {
  const manifest = findPackageJSON('@octokit/graphql-schema', import.meta.url);
  if (manifest === undefined) throw new Error('@octokit/graphql-schema is not installed: run npm ci');
  built ??= buildSchema(readFileSync(join(dirname(manifest), 'schema.graphql'), 'utf8'), { assumeValid: true });
  return built;
}
