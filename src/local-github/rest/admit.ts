import { undecodable } from '../access/app-jwt.ts';
import { demand, demandOfOrganization, type Need, type OrganizationNeed } from '../access/permissions.ts';
import { type Actor, type Author, authorOf } from '../actor.ts';
import { ApiError, badCredentials, notAccessible, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { accountByLogin, repositoryByFormerName, repositoryByName } from '../state/queries.ts';
import type { Account, App, Repository } from '../state/records.ts';
import type { RawCall } from './call.ts';

export type Demanded =
  | { access: 'anyone' | 'app' | 'client' | 'installation' }
  | { access: 'organization'; need: OrganizationNeed }
  | { access: 'repository'; need: Need; content?: boolean };

export interface Admission {
  actor: Actor;
  app?: App;
  author?: Author;
  organization?: Account;
  repository?: Repository;
  directory?: string;
}

/** One budget per installation, person or address, as on GitHub. */
export function rateKey(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'address 127.0.0.1';
    case 'app':
    case 'client':
      return `app ID ${actor.app.id}`;
    case 'installation':
      return `installation ID ${actor.installation.id}`;
    case 'user':
      return `user ID ${actor.account.id}`;
  }
}

/** Authenticates, counts, and checks what the route demands. @throws ApiError 401, 403, 404 in GitHub's order */
export async function admit(raw: RawCall, demanded: Demanded): Promise<Admission> {
  const { context, request } = raw;
  const actor = await context.authenticate(request);
  const key = rateKey(actor);
  context.limits.spend(key, 'core');
  context.limits.spendPoints(key, request.method === 'GET' || request.method === 'HEAD' ? 1 : 5);
  switch (demanded.access) {
    case 'anyone':
      return { actor };
    case 'app':
      if (actor.kind !== 'app') throw undecodable();
      return { actor, app: actor.app };
    case 'client':
      if (actor.kind === 'anonymous') throw new ApiError(401, 'Requires authentication');
      // Anything but the client's own credentials is wrong here, as on GitHub.
      if (actor.kind !== 'client') throw badCredentials();
      return { actor, app: actor.app };
    case 'installation':
      if (actor.kind === 'anonymous') throw new ApiError(401, 'Requires authentication');
      if (actor.kind !== 'installation')
        throw new ApiError(
          403,
          'You must authenticate with an installation access token in order to list repositories for an installation.',
        );
      return { actor };
    case 'organization': {
      const organization = accountByLogin(context.state, raw.path.org ?? '');
      if (organization?.type !== 'Organization') throw notFound();
      demandOfOrganization(context.state, actor, organization, demanded.need);
      return { actor, organization };
    }
    case 'repository':
      return admitToRepository(raw, actor, demanded.need, demanded.content === true);
  }
}

function admitToRepository(raw: RawCall, actor: Actor, need: Need, content: boolean): Admission {
  const { context } = raw;
  if (actor.kind === 'app' || actor.kind === 'client') throw notAccessible();
  const repository = findRepository(context, raw, actor);
  const author = authorOf(actor);
  if (author === undefined && need.level !== 'read') throw new ApiError(401, 'Requires authentication');
  demand(context.state, actor, repository, need);
  if (content) context.limits.createContent(rateKey(actor));
  const directory = context.state.gitDirectory(repository.id);
  return { actor, repository, directory, ...(author === undefined ? {} : { author }) };
}

function findRepository(context: Context, raw: RawCall, actor: Actor): Repository {
  const [owner = '', name = ''] = [raw.path.owner, raw.path.repo];
  const found = repositoryByName(context.state, owner, name);
  if (found !== undefined) return found;
  const moved = repositoryByFormerName(context.state, owner, name);
  if (moved === undefined) throw notFound();
  demand(context.state, actor, moved, { permission: ['metadata'], level: 'read' });
  const path = raw.request.url.replace(/^\/api\/v3\/repos\/[^/?]+\/[^/?]+/, `/repositories/${moved.id}`);
  const status = raw.request.method === 'GET' ? 301 : 307;
  throw new ApiError(status, 'Moved Permanently', { headers: { location: `${context.baseUrl}/api/v3${path}` } });
}
