import { z } from 'zod';
import { canSee, roleOf } from '../access/permissions.ts';
import type { Actor } from '../actor.ts';
import { ApiError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { renderRoleFlags } from '../render-json/account.ts';
import { renderListedRepository, renderRepository } from '../render-json/repository.ts';
import { fullName } from '../state/queries.ts';
import type { Account, Repository } from '../state/records.ts';
import { noBody } from './call.ts';
import { pageOf, paging } from './paging.ts';
import { anyoneRoute, organizationRoute } from './route.ts';

const order = {
  sort: z.enum(['created', 'updated', 'pushed', 'full_name']).optional(),
  direction: z.enum(['asc', 'desc']).optional(),
};

export const repositoryListRoutes = [
  organizationRoute({
    method: 'GET',
    path: '/orgs/{org}/repos',
    need: { permission: ['metadata'], level: 'read', person: 'anyone' },
    query: z.strictObject({
      ...paging,
      ...order,
      type: z.enum(['all', 'public', 'private', 'forks', 'sources', 'member']).default('all'),
    }),
    body: noBody,
    handler: ({ context, actor, organization, raw, query }) => {
      const found = visibleTo(context, actor).filter(
        (repository) => repository.ownerId === organization.id && isOfType(context, actor, repository, query.type),
      );
      const sorted = inOrder(context, found, query.sort ?? 'created', query.direction);
      return pageOf(raw, query, sorted, (repository) => renderListedRepository(context, actor, repository));
    },
  }),
  anyoneRoute({
    method: 'GET',
    path: '/user/repos',
    query: z.strictObject({
      ...paging,
      ...order,
      visibility: z.enum(['all', 'public', 'private']).optional(),
      affiliation: z
        .string()
        .regex(/^(owner|collaborator|organization_member)(,(owner|collaborator|organization_member))*$/)
        .optional(),
      type: z.enum(['all', 'owner', 'public', 'private', 'member']).optional(),
      since: z.iso.datetime().optional(),
      before: z.iso.datetime().optional(),
    }),
    body: noBody,
    handler: ({ context, actor, raw, query }) => {
      if (actor.kind === 'anonymous') throw new ApiError(401, 'Requires authentication');
      if (actor.kind !== 'user') throw new ApiError(403, 'Resource not accessible by integration');
      if (query.type !== undefined && (query.visibility ?? query.affiliation) !== undefined) {
        const message = 'If you specify visibility or affiliation, you cannot specify type.';
        throw validationFailed({ resource: 'Repository', field: 'type', code: 'custom', message });
      }
      const wanted = query.affiliation?.split(',') ?? affiliationsOf(query.type);
      const shown = query.visibility ?? (query.type === 'public' || query.type === 'private' ? query.type : 'all');
      const found = visibleTo(context, actor).filter(
        (repository) =>
          wanted.includes(affiliation(context, actor.account, repository) ?? 'none') &&
          (shown === 'all' || (shown === 'public') === (repository.visibility === 'public')) &&
          (query.since === undefined || repository.updatedAt > Date.parse(query.since)) &&
          (query.before === undefined || repository.updatedAt < Date.parse(query.before)),
      );
      const sorted = inOrder(context, found, query.sort ?? 'full_name', query.direction);
      return pageOf(raw, query, sorted, (repository) => ({
        ...renderRepository(context, repository),
        permissions: renderRoleFlags(roleOf(context.state, actor.account, repository)),
      }));
    },
  }),
];

function visibleTo(context: Context, actor: Actor): Repository[] {
  return context.state.repositories.where((repository) => canSee(context.state, actor, repository));
}

type OrganizationType = 'all' | 'public' | 'private' | 'forks' | 'sources' | 'member';

function isOfType(context: Context, actor: Actor, repository: Repository, type: OrganizationType): boolean {
  switch (type) {
    case 'all':
      return true;
    case 'public':
      return repository.visibility === 'public';
    case 'private':
      return repository.visibility !== 'public';
    case 'forks':
      return repository.fork;
    case 'sources':
      return !repository.fork;
    case 'member':
      return actor.kind === 'user' && affiliation(context, actor.account, repository) !== undefined;
  }
}

function affiliationsOf(type: 'all' | 'owner' | 'public' | 'private' | 'member' | undefined): string[] {
  if (type === 'owner') return ['owner'];
  if (type === 'member') return ['collaborator', 'organization_member'];
  return ['owner', 'collaborator', 'organization_member'];
}

/** Why a repository is among a person's; undefined for what is only public. */
function affiliation({ state }: Context, account: Account, repository: Repository): string | undefined {
  const owner = state.accounts.need(repository.ownerId);
  if (owner.id === account.id) return 'owner';
  const belongs = owner.memberIds.includes(account.id) || owner.ownerIds.includes(account.id);
  if (belongs && roleOf(state, account, repository) !== 'none') return 'organization_member';
  return repository.collaborators[String(account.id)] === undefined ? undefined : 'collaborator';
}

/** Names go up and times go down unless it is said otherwise. */
function inOrder(
  { state }: Context,
  repositories: readonly Repository[],
  sort: 'created' | 'updated' | 'pushed' | 'full_name',
  direction: 'asc' | 'desc' | undefined,
): Repository[] {
  const up = (direction ?? (sort === 'full_name' ? 'asc' : 'desc')) === 'asc' ? 1 : -1;
  const names = new Map(repositories.map((repository) => [repository.id, fullName(state, repository).toLowerCase()]));
  const byName = (one: Repository, other: Repository): number =>
    (names.get(one.id) ?? '') < (names.get(other.id) ?? '') ? -1 : 1;
  const field = { created: 'createdAt', updated: 'updatedAt', pushed: 'pushedAt' } as const;
  return repositories.toSorted((one, other) => {
    if (sort === 'full_name') return up * byName(one, other);
    return up * (one[field[sort]] - other[field[sort]]) || byName(one, other);
  });
}
