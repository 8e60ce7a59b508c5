import { z } from 'zod';
import { mayDo, reaches, roleOf } from '../access/permissions.ts';
import type { Account, Repository } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { accountFields } from './account.ts';
import { connection, paging } from './connection.ts';
import { fieldError } from './errors.ts';
import { type Fields, type Scope, taking } from './fields.ts';

const collaboratorsArguments = paging.extend({
  login: z.string().nullish(),
  query: z.string().nullish(),
  affiliation: z.enum(['ALL', 'DIRECT', 'OUTSIDE']).nullish(),
});

/**
 * `Repository.collaborators`: `login:` is exact, `query:` matches the beginning of logins and of words of names, so it
 * can find the wrong person. Null with FORBIDDEN for people who cannot push.
 */
export function collaboratorsField(scope: Scope, repository: Repository): (args: unknown) => unknown {
  return taking(collaboratorsArguments, (args): Fields => {
    if (!maySee(scope, repository)) {
      throw fieldError('FORBIDDEN', 'You do not have permission to view repository collaborators.');
    }
    const { state } = scope.context;
    const found = state.accounts
      .where((account) => isCollaborator(state, account, repository, args.affiliation ?? 'ALL'))
      .filter((account) => args.login == null || account.login.toLowerCase() === args.login.toLowerCase())
      .filter((account) => args.query == null || matchesQuery(account, args.query));
    return connection(found, args, {
      type: 'RepositoryCollaboratorConnection',
      field: 'collaborators',
      key: (account) => account.id,
      node: (account) => accountFields(scope, account),
      edge: (account) => ({ permission: roleOf(state, account, repository).toUpperCase() }),
    });
  });
}

function maySee({ context, actor }: Scope, repository: Repository): boolean {
  switch (actor.kind) {
    case 'anonymous':
    case 'app':
    case 'client':
      return false;
    case 'installation':
      return reaches(actor, repository);
    case 'user':
      return mayDo(context.state, actor, repository, { permission: ['metadata'], level: 'read', role: 'write' });
  }
}

/** Access by visibility alone makes nobody a collaborator. */
function isCollaborator(
  state: State,
  account: Account,
  repository: Repository,
  affiliation: 'ALL' | 'DIRECT' | 'OUTSIDE',
): boolean {
  if (account.type !== 'User') return false;
  const owner = state.accounts.need(repository.ownerId);
  const direct = repository.collaborators[String(account.id)] !== undefined;
  const inside = owner.id === account.id || owner.ownerIds.includes(account.id) || owner.memberIds.includes(account.id);
  switch (affiliation) {
    case 'DIRECT':
      return direct;
    case 'OUTSIDE':
      return direct && !inside;
    case 'ALL': {
      const byMembership = owner.memberIds.includes(account.id) && owner.defaultRepositoryPermission !== 'none';
      return direct || owner.id === account.id || owner.ownerIds.includes(account.id) || byMembership;
    }
  }
}

function matchesQuery(account: Account, query: string): boolean {
  const wanted = query.toLowerCase();
  const words = [account.login, account.name ?? '', ...(account.name ?? '').split(/\s+/)];
  return words.some((word) => word.toLowerCase().startsWith(wanted));
}
