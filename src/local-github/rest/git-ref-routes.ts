import { z } from 'zod';
import { mayChangeWorkflows } from '../access/workflows.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { objectType } from '../git/objects.ts';
import { listRefs } from '../git/refs.ts';
import { changeRef } from '../operations/change-ref.ts';
import { nodeId } from '../state/node-id.ts';
import type { Repository } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { apiOf, refuseEmpty } from './git-object-routes.ts';
import { readRoute, writeRoute } from './route.ts';

const sha = z.string().regex(/^[0-9a-f]{40}$/, 'is not a sha');

export const gitRefRoutes = [
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/ref/{ref+}',
    need: 'contents',
    query: noQuery,
    body: noBody,
    handler: async ({ context, repository, directory, path }) => {
      const ref = `refs/${path('ref')}`;
      const found = (await listRefs(directory, ref)).get(ref);
      if (found === undefined) throw notFound();
      return { status: 200, body: renderRef(context, repository, ref, found) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/matching-refs/{ref+}',
    need: 'contents',
    query: noQuery,
    body: noBody,
    handler: async ({ context, repository, directory, path }) => {
      const found = [...(await listRefs(directory))].filter(([ref]) => ref.startsWith(`refs/${path('ref')}`));
      return { status: 200, body: found.map(([ref, sha]) => renderRef(context, repository, ref, sha)) };
    },
  }),
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/refs',
    need: 'contents',
    query: noQuery,
    body: z.strictObject({ ref: z.string(), sha }),
    resource: 'Reference',
    handler: async ({ context, repository, directory, author, actor, body }) => {
      refuseEmpty(repository);
      await demandObject(directory, body.ref, body.sha);
      const move = { ref: body.ref, to: body.sha, force: false, mayChangeWorkflows: mayChangeWorkflows(actor) };
      await changeRef(context, author, repository, { ...move, kind: 'create' });
      return { status: 201, body: renderRef(context, repository, body.ref, body.sha) };
    },
  }),
  writeRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/git/refs/{ref+}',
    need: 'contents',
    query: noQuery,
    body: z.strictObject({ sha, force: z.boolean().default(false) }),
    resource: 'Reference',
    handler: async ({ context, repository, directory, author, actor, path, body }) => {
      const ref = `refs/${path('ref')}`;
      await demandObject(directory, ref, body.sha);
      const move = { ref, to: body.sha, force: body.force, mayChangeWorkflows: mayChangeWorkflows(actor) };
      await changeRef(context, author, repository, { ...move, kind: 'update' });
      return { status: 200, body: renderRef(context, repository, ref, body.sha) };
    },
  }),
  writeRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/git/refs/{ref+}',
    need: 'contents',
    query: noQuery,
    body: noBody,
    handler: async ({ context, repository, author, path }) => {
      const ref = `refs/${path('ref')}`;
      await changeRef(context, author, repository, {
        ref,
        to: null,
        force: true,
        kind: 'delete',
        mayChangeWorkflows: true,
      });
      return { status: 204 };
    },
  }),
];

/** A branch points to a commit, other refs to anything that exists. */
async function demandObject(directory: string, ref: string, wanted: string): Promise<void> {
  const type = await objectType(directory, wanted);
  if (type === undefined) throw new ApiError(422, 'Object does not exist');
  if (ref.startsWith('refs/heads/') && type !== 'commit') throw new ApiError(422, 'Object is not a commit');
}

function renderRef(context: Context, repository: Repository, ref: string, object: string) {
  const api = apiOf(context, repository);
  return {
    ref,
    node_id: nodeId('ref', `${repository.id}:${ref}`),
    url: `${api}/git/${ref}`,
    object: { sha: object, type: 'commit', url: `${api}/git/commits/${object}` },
  };
}
