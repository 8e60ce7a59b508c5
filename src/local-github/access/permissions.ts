import type { Actor } from '../actor.ts';
import { ApiError, archived, notAccessible, notFound } from '../api-error.ts';
import { isInstalledOn } from '../state/queries.ts';
import type { Account, App, PermissionLevel, Permissions, Repository, Role } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** What a request needs of a repository: an app permission, and for people the role that goes with it. */
export interface Need {
  /** Any of these names is enough, e.g. issues or pull_requests for a comment. */
  permission: readonly string[];
  level: PermissionLevel;
  /** The least role for a person; default: read for `read`, write for `write`, admin for `admin`. */
  role?: Role;
  /** Write requests that an archived repository still takes. */
  onArchived?: boolean;
}

/** What a request needs of an organization. */
export interface OrganizationNeed extends Pick<Need, 'permission' | 'level'> {
  /** Which people may do it; `anyone` also stands for nobody in particular. */
  person: 'anyone' | 'member' | 'owner';
}

const ranks: Record<Role | 'none', number> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };
const levels: Record<PermissionLevel, number> = { read: 1, write: 2, admin: 3 };

/** The highest role that a person has there: as owner, as collaborator, as member, by visibility. */
export function roleOf(state: State, account: Account, repository: Repository): Role | 'none' {
  const owner = state.accounts.need(repository.ownerId);
  if (owner.id === account.id || owner.ownerIds.includes(account.id)) return 'admin';
  const member = owner.memberIds.includes(account.id);
  const candidates: (Role | 'none')[] = [
    repository.collaborators[String(account.id)] ?? 'none',
    member ? owner.defaultRepositoryPermission : 'none',
    repository.visibility === 'public' || (repository.visibility === 'internal' && member) ? 'read' : 'none',
  ];
  return candidates.reduce((best, next) => (ranks[next] > ranks[best] ? next : best));
}

export function roleIsAtLeast(role: Role | 'none', least: Role): boolean {
  return ranks[role] >= ranks[least];
}

/** The permissions that an installation token carries. */
export function permissionsOf(actor: Actor & { kind: 'installation' }): Permissions {
  return actor.token.permissions ?? actor.installation.permissions;
}

/** Whether an installation token reaches a repository beyond what is public. */
export function reaches(actor: Actor & { kind: 'installation' }, repository: Repository): boolean {
  if (!isInstalledOn(actor.installation, repository)) return false;
  return actor.token.repositoryIds === null || actor.token.repositoryIds.includes(repository.id);
}

/** Whether the actor may know that the repository exists. */
export function canSee(state: State, actor: Actor, repository: Repository): boolean {
  if (repository.visibility === 'public') return true;
  switch (actor.kind) {
    case 'anonymous':
    case 'app':
    case 'client':
      return false;
    case 'installation':
      return reaches(actor, repository);
    case 'user':
      if (actor.app !== null && installedPermissions(state, actor.app, repository) === undefined) return false;
      return roleOf(state, actor.account, repository) !== 'none';
  }
}

/** Whether the actor may do what the need names, visibility and archiving aside. */
export function mayDo(state: State, actor: Actor, repository: Repository, need: Need): boolean {
  switch (actor.kind) {
    case 'anonymous':
    case 'app':
    case 'client':
      return need.level === 'read' && repository.visibility === 'public';
    case 'installation': {
      if (!reaches(actor, repository)) return need.level === 'read' && repository.visibility === 'public';
      return holds(permissionsOf(actor), need);
    }
    case 'user':
      return hasRole(state, actor.account, repository, need) && appMay(state, actor.app, repository, need);
  }
}

/** @throws ApiError 404 for a person who is not among those, 403 in GitHub's words for an app, 401 for nobody */
export function demandOfOrganization(state: State, actor: Actor, organization: Account, need: OrganizationNeed): void {
  if (need.person === 'anyone') return;
  const installed = (app: App): Permissions =>
    state.installations.find((each) => each.appId === app.id && each.accountId === organization.id)?.permissions ?? {};
  switch (actor.kind) {
    case 'anonymous':
      throw new ApiError(401, 'Requires authentication');
    case 'app':
    case 'client':
      throw notAccessible();
    case 'installation':
      if (actor.installation.accountId !== organization.id || !holds(permissionsOf(actor), need)) throw notAccessible();
      return;
    case 'user':
      if (!isAmong(actor.account, organization, need.person)) throw notFound();
      if (actor.app !== null && !holds(installed(actor.app), need)) throw notAccessible();
  }
}

function isAmong({ id }: Account, { ownerIds, memberIds }: Account, people: 'member' | 'owner'): boolean {
  return ownerIds.includes(id) || (people === 'member' && memberIds.includes(id));
}

/** Whether any of the permissions that would do is held at the level, or above it. */
function holds(held: Permissions, { permission, level: wanted }: Pick<Need, 'permission' | 'level'>): boolean {
  return permission.some((name) => {
    const level = held[name];
    return (level !== undefined && levels[level] >= levels[wanted]) || (name === 'metadata' && wanted === 'read');
  });
}

function hasRole(state: State, account: Account, repository: Repository, need: Need): boolean {
  return roleIsAtLeast(roleOf(state, account, repository), need.role ?? need.level);
}

/**
 * A user token of an app does what both the person and the app may; what is public anybody reads.
 * Source: docs.github.com, "Generating a user access token for a GitHub App", "About user access tokens".
 * @param app null for a person's own token, which no app limits
 */
function appMay(state: State, app: App | null, repository: Repository, need: Need): boolean {
  if (app === null) return true;
  const held = installedPermissions(state, app, repository);
  if (held === undefined) return need.level === 'read' && repository.visibility === 'public';
  return holds(held, need);
}

/** What an app may do in a repository; undefined where it is not installed. */
function installedPermissions(state: State, app: App, repository: Repository): Permissions | undefined {
  return state.installations.find((each) => each.appId === app.id && isInstalledOn(each, repository))?.permissions;
}

/** @throws ApiError 404 when invisible or beyond the person's role, 403 in GitHub's words otherwise. */
export function demand(state: State, actor: Actor, repository: Repository, need: Need): void {
  if (!canSee(state, actor, repository)) throw notFound();
  if (!mayDo(state, actor, repository, need)) {
    const beyondPerson = actor.kind === 'user' && !hasRole(state, actor.account, repository, need);
    throw beyondPerson ? notFound() : notAccessible();
  }
  if (need.level !== 'read' && repository.archived && need.onArchived !== true) throw archived();
}
