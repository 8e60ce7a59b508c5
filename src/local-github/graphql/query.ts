import { z } from 'zod';
import { canSee, mayDo } from '../access/permissions.ts';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import { timestamp } from '../render-json/time.ts';
import { parseNodeId } from '../state/node-id.ts';
import { accountByLogin, isPull, repositoryByFormerName, repositoryByName } from '../state/queries.ts';
import type { Account } from '../state/records.ts';
import { accountFields } from './account.ts';
import { fieldError, inaccessible } from './errors.ts';
import { type Fields, type Scope, taking } from './fields.ts';
import { issueFields } from './issues.ts';
import { pullFields } from './pulls.ts';
import { repositoryFields } from './repository.ts';

/** The hour's points of the token that asks. */
export interface Budget {
  limit: number;
  remaining: number;
  used: number;
  /** Epoch seconds. */
  reset: number;
}

/** The root value of queries. @param account the person or the app's bot behind the token. */
export function queryFields(context: Context, actor: Actor, account: Account, budget: () => Budget): Fields {
  const { state } = context;
  const scope: Scope = {
    context,
    actor,
    repository: (record) => (canSee(state, actor, record) ? repositoryFields(scope, record) : null),
  };
  const repository = taking(
    z.object({ owner: z.string(), name: z.string(), followRenames: z.boolean().nullish() }),
    ({ owner, name, followRenames }) => {
      const found =
        repositoryByName(state, owner, name) ??
        (followRenames === false ? undefined : repositoryByFormerName(state, owner, name));
      const fields = found === undefined ? null : scope.repository(found);
      if (fields === null) {
        throw fieldError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      }
      return fields;
    },
  );
  const byLogin = (type: Account['type']) =>
    taking(z.object({ login: z.string() }), ({ login }) => {
      const found = accountByLogin(state, login);
      if (found?.type !== type) {
        throw fieldError('NOT_FOUND', `Could not resolve to ${article(type)} with the login of '${login}'.`);
      }
      return accountFields(scope, found);
    });
  return {
    __typename: 'Query',
    viewer: () => accountFields(scope, account, 'User'),
    repository,
    organization: byLogin('Organization'),
    user: byLogin('User'),
    node: taking(z.object({ id: z.string() }), ({ id }) => nodeFields(scope, id)),
    nodes: taking(z.object({ ids: z.array(z.string()) }), ({ ids }) => ids.map((id) => orError(scope, id))),
    rateLimit: () => {
      const { limit, remaining, used, reset } = budget();
      return {
        __typename: 'RateLimit',
        cost: 1,
        nodeCount: 0,
        limit,
        remaining,
        used,
        resetAt: timestamp(reset * 1000),
      };
    },
  };
}

function article(type: Account['type']): string {
  return type === 'Organization' ? 'an Organization' : `a ${type}`;
}

/** In a list an unknown id is an error of its own entry. */
function orError(scope: Scope, id: string): Fields | Error {
  try {
    return nodeFields(scope, id);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @throws GraphQLError NOT_FOUND */
function nodeFields(scope: Scope, id: string): Fields {
  const missing = fieldError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
  const parsed = parseNodeId(id);
  const fields = parsed === undefined ? null : recordFields(scope, parsed.kind, Number(parsed.id));
  if (fields === null) throw missing;
  return fields;
}

function recordFields(scope: Scope, kind: string, id: number): Fields | null {
  const { state } = scope.context;
  switch (kind) {
    case 'user':
    case 'organization':
    case 'bot': {
      const account = state.accounts.get(id);
      return account === undefined ? null : accountFields(scope, account);
    }
    case 'repository': {
      const repository = state.repositories.get(id);
      return repository === undefined ? null : scope.repository(repository);
    }
    case 'issue':
    case 'pull': {
      const issue = state.issues.get(id);
      const repository = issue === undefined ? undefined : state.repositories.get(issue.repositoryId);
      if (issue === undefined || repository === undefined || scope.repository(repository) === null) return null;
      const permission = [isPull(issue) ? 'pull_requests' : 'issues'];
      if (!mayDo(state, scope.actor, repository, { permission, level: 'read' })) throw inaccessible();
      return isPull(issue) ? pullFields(scope, repository, issue) : issueFields(scope, repository, issue);
    }
    default:
      return null;
  }
}
