import type { Context } from '../context.ts';
import { accountNodeId } from '../state/account-node-id.ts';
import type { Account, Role } from '../state/records.ts';
import { timestamp } from './time.ts';

export function renderSimpleUser(context: Context, account: Account) {
  const api = `${context.baseUrl}/api/v3/users/${encodeURIComponent(account.login)}`;
  const page = account.type === 'Bot' ? `apps/${account.login.replace(/\[bot\]$/, '')}` : account.login;
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    avatar_url: `${context.baseUrl}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url: api,
    html_url: `${context.baseUrl}/${page}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

export function renderNullableUser(context: Context, accountId: number | null) {
  const account = accountId === null ? undefined : context.state.accounts.get(accountId);
  return account === undefined ? null : renderSimpleUser(context, account);
}

/** The answer of `GET /users/{login}`. */
export function renderPublicUser(context: Context, account: Account) {
  const owned = context.state.repositories.where((repository) => repository.ownerId === account.id);
  return {
    ...renderSimpleUser(context, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: owned.filter((repository) => repository.visibility === 'public').length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timestamp(account.createdAt),
    updated_at: timestamp(account.createdAt),
  };
}

/** The answer of `GET /user`. */
export function renderPrivateUser(context: Context, account: Account) {
  return {
    ...renderPublicUser(context, account),
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

/** The short object in webhooks and repositories of organizations. */
export function renderOrganization(context: Context, account: Account) {
  const api = `${context.baseUrl}/api/v3/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${context.baseUrl}/avatars/u/${account.id}?v=4`,
    description: account.name,
  };
}

const rolesInOrder: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin'];

export function renderRoleFlags(role: Role | 'none') {
  const rank = role === 'none' ? -1 : rolesInOrder.indexOf(role);
  return { pull: rank >= 0, triage: rank >= 1, push: rank >= 2, maintain: rank >= 3, admin: rank >= 4 };
}

export function renderCollaborator(context: Context, account: Account, role: Role | 'none') {
  return {
    ...renderSimpleUser(context, account),
    permissions: renderRoleFlags(role),
    role_name: role,
  };
}
