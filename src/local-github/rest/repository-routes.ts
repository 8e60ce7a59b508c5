import { z } from 'zod';
import { roleOf } from '../access/permissions.ts';
import { ApiError, notFound } from '../api-error.ts';
import { deleteRepository } from '../operations/delete-repository.ts';
import { dispatchRepository } from '../operations/dispatch.ts';
import { editRepository, type RepositoryChanges } from '../operations/edit-repository.ts';
import { renderCollaborator } from '../render-json/account.ts';
import { renderFullRepository } from '../render-json/repository.ts';
import { accountByLogin } from '../state/queries.ts';
import type { Account, Role } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { pageOf, paging } from './paging.ts';
import { type ReadCall, readRoute, writeRoute } from './route.ts';

const visibility = z.enum(['public', 'private', 'internal']);
/** Source: docs.github.com, "Classifying your repository with topics"; GitHub's description: saved as lower case. */
const topic = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{0,49}$/);

const repositoryPatch = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
  description: z.string().optional(),
  homepage: z.string().optional(),
  private: z.boolean().optional(),
  visibility: visibility.optional(),
  archived: z.boolean().optional(),
  has_issues: z.boolean().optional(),
  default_branch: z.string().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
});

export const repositoryRoutes = [
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    need: 'metadata',
    query: noQuery,
    body: noBody,
    handler: ({ context, actor, repository }) => ({
      status: 200,
      body: renderFullRepository(context, actor, repository),
    }),
  }),
  writeRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}',
    need: 'administration',
    role: 'admin',
    onArchived: true,
    query: noQuery,
    body: repositoryPatch,
    resource: 'Repository',
    handler: async ({ context, actor, author, repository, body }) => {
      if (repository.archived && body.archived !== false) {
        throw new ApiError(403, 'Repository was archived so is read-only.');
      }
      const changed = await editRepository(context, author, repository, changesOf(body));
      return { status: 200, body: renderFullRepository(context, actor, changed) };
    },
  }),
  writeRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}',
    need: 'administration',
    role: 'admin',
    onArchived: true,
    query: noQuery,
    body: noBody,
    handler: async ({ context, author, repository }) => {
      await deleteRepository(context, author, repository);
      return { status: 204 };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/topics',
    need: 'metadata',
    query: z.strictObject(paging),
    body: noBody,
    handler: ({ repository }) => ({ status: 200, body: { names: repository.topics } }),
  }),
  writeRoute({
    method: 'PUT',
    path: '/repos/{owner}/{repo}/topics',
    need: 'administration',
    role: 'admin',
    query: noQuery,
    body: z.strictObject({ names: z.array(topic).max(20) }),
    resource: null,
    handler: async ({ context, author, repository, body }) => {
      const changed = await editRepository(context, author, repository, { topics: [...new Set(body.names)] });
      return { status: 200, body: { names: changed.topics } };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators',
    need: 'metadata',
    role: 'write',
    query: z.strictObject({
      ...paging,
      affiliation: z.enum(['outside', 'direct', 'all']).optional(),
      permission: z.enum(['pull', 'triage', 'push', 'maintain', 'admin']).optional(),
    }),
    body: noBody,
    handler: ({ context, repository, raw, query }) => {
      const people = collaboratorsOf({ context, repository });
      return pageOf(raw, query, people, ([account, role]) => renderCollaborator(context, account, role));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}',
    need: 'metadata',
    query: noQuery,
    body: noBody,
    handler: ({ context, repository, path }) => {
      const account = accountByLogin(context.state, path('username'));
      const found = collaboratorsOf({ context, repository }).some(([each]) => each.id === account?.id);
      if (!found) throw notFound();
      return { status: 204 };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    need: 'metadata',
    query: noQuery,
    body: noBody,
    handler: ({ context, repository, path }) => {
      const account = accountByLogin(context.state, path('username'));
      if (account === undefined) throw new ApiError(404, `${path('username')} is not a user`);
      const role = account.type === 'Bot' ? 'none' : roleOf(context.state, account, repository);
      const body = {
        permission: legacyPermission(role),
        role_name: role,
        user: renderCollaborator(context, account, role),
      };
      return { status: 200, body };
    },
  }),
  writeRoute({
    method: 'PUT',
    path: '/repos/{owner}/{repo}/collaborators/{username}',
    need: 'administration',
    role: 'admin',
    query: noQuery,
    body: z
      .strictObject({ permission: z.enum(['pull', 'triage', 'push', 'maintain', 'admin']).default('push') })
      .default({ permission: 'push' }),
    resource: 'Repository',
    handler: ({ context, repository, path, body }) => {
      const account = accountByLogin(context.state, path('username'));
      if (account === undefined) throw notFound();
      const collaborators = { ...repository.collaborators, [String(account.id)]: roleNames[body.permission] };
      context.state.repositories.update(repository.id, { collaborators });
      return { status: 204 };
    },
  }),
  writeRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/collaborators/{username}',
    need: 'administration',
    role: 'admin',
    query: noQuery,
    body: noBody,
    handler: ({ context, repository, path }) => {
      const account = accountByLogin(context.state, path('username'));
      if (account === undefined) throw notFound();
      const { [String(account.id)]: _removed, ...collaborators } = repository.collaborators;
      context.state.repositories.update(repository.id, { collaborators });
      return { status: 204 };
    },
  }),
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/dispatches',
    need: 'contents',
    query: noQuery,
    body: z.strictObject({ event_type: z.string(), client_payload: z.record(z.string(), z.unknown()).optional() }),
    resource: 'RepositoryDispatch',
    handler: ({ context, author, repository, body }) => {
      dispatchRepository(context, author, repository, body.event_type, body.client_payload ?? {});
      return { status: 204 };
    },
  }),
];

const roleNames = { pull: 'read', triage: 'triage', push: 'write', maintain: 'maintain', admin: 'admin' } as const;

/** The coarse permission that GitHub answers beside the role. */
function legacyPermission(role: Role | 'none'): 'admin' | 'write' | 'read' | 'none' {
  switch (role) {
    case 'maintain':
      return 'write';
    case 'triage':
      return 'read';
    default:
      return role;
  }
}

/** People with a role of their own or by membership, by id. */
function collaboratorsOf({ context, repository }: Pick<ReadCall, 'context' | 'repository'>): [Account, Role][] {
  const owner = context.state.accounts.need(repository.ownerId);
  const ids = new Set([...owner.ownerIds, ...owner.memberIds, ...Object.keys(repository.collaborators).map(Number)]);
  return [...ids]
    .sort((a, b) => a - b)
    .flatMap((id): [Account, Role][] => {
      const account = context.state.accounts.need(id);
      const role = roleOf(context.state, account, repository);
      return role === 'none' ? [] : [[account, role]];
    });
}

function changesOf(body: z.infer<typeof repositoryPatch>): RepositoryChanges {
  const seen = body.visibility ?? (body.private === undefined ? undefined : body.private ? 'private' : 'public');
  const all: { [K in keyof RepositoryChanges]: RepositoryChanges[K] | undefined } = {
    name: body.name,
    description: body.description,
    homepage: body.homepage,
    visibility: seen,
    archived: body.archived,
    hasIssues: body.has_issues,
    defaultBranch: body.default_branch,
    allowMergeCommit: body.allow_merge_commit,
    allowSquashMerge: body.allow_squash_merge,
    allowRebaseMerge: body.allow_rebase_merge,
    deleteBranchOnMerge: body.delete_branch_on_merge,
  };
  return withoutUndefined(all);
}

/** Leaves out what was not asked for, so that merging keeps the present values. */
function withoutUndefined(
  all: { [K in keyof RepositoryChanges]: RepositoryChanges[K] | undefined },
): RepositoryChanges {
  const changes: RepositoryChanges = {};
  for (const [key, value] of Object.entries(all)) if (value !== undefined) Object.assign(changes, { [key]: value });
  return changes;
}
