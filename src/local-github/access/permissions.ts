import type { Actor } from '../actor.ts';
import { archived, notAccessible, notFound } from '../api-error.ts';
import { isInstalledOn } from '../state/queries.ts';
import type { Account, PermissionLevel, Permissions, Repository, Role } from '../state/records.ts';
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
      return false;
    case 'installation':
      return reaches(actor, repository);
    case 'user':
      return roleOf(state, actor.account, repository) !== 'none';
  }
}

/** Whether the actor may do what the need names, visibility and archiving aside. */
export function mayDo(state: State, actor: Actor, repository: Repository, need: Need): boolean {
  switch (actor.kind) {
    case 'anonymous':
    case 'app':
      return need.level === 'read' && repository.visibility === 'public';
    case 'installation': {
      if (!reaches(actor, repository)) return need.level === 'read' && repository.visibility === 'public';
      const held = permissionsOf(actor);
      return need.permission.some((name) => {
        const level = held[name];
        return (
          (level !== undefined && levels[level] >= levels[need.level]) || (name === 'metadata' && need.level === 'read')
        );
      });
    }
    case 'user':
      return roleIsAtLeast(roleOf(state, actor.account, repository), need.role ?? need.level);
  }
}

/** @throws ApiError 404 when invisible or beyond the person's role, 403 in GitHub's words otherwise. */
export function demand(state: State, actor: Actor, repository: Repository, need: Need): void {
  if (!canSee(state, actor, repository)) throw notFound();
  if (!mayDo(state, actor, repository, need)) throw actor.kind === 'user' ? notFound() : notAccessible();
  if (need.level !== 'read' && repository.archived && need.onArchived !== true) throw archived();
}
