import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { addAppUserToken } from '../access/app-user-tokens.ts';
import { addUserToken, newUserToken } from '../access/tokens.ts';
import type { Context } from '../context.ts';
import { createApp, install } from '../operations/create-app.ts';
import { insertIssue } from '../operations/issues.ts';
import { accountByLogin, fullName, repositoryByName } from '../state/queries.ts';
import type { Account, App, Repository } from '../state/records.ts';
import { fillRepository } from './fill-repository.ts';
import { definitionsOf } from './property-definitions.ts';
import type { FullSeed, OrganizationSeed, RepositorySeed } from './seed.ts';

/** What the app may do where the seed does not say. */
const defaultPermissions = { metadata: 'read', contents: 'write', issues: 'write', pull_requests: 'write' } as const;
const defaultEvents = ['issue_comment', 'issues', 'pull_request', 'repository_dispatch', 'push', 'repository'];

/** How many git processes fill repositories at the same time. */
const sideBySide = 6;

/** Adds what is not there; what is there stays as it is, the app's webhook address and credentials aside. */
export async function applySeed(context: Context, seed: FullSeed, secret: string): Promise<void> {
  for (const user of seed.users) seedUser(context, user);
  for (const organization of seed.organizations) seedOrganization(context, organization);
  const app = seed.app === undefined ? context.state.apps.all()[0] : seedApp(context, seed, secret);
  for (const user of seed.users) if (app !== undefined) seedAppToken(context, app, user);
  const pending = context.state.transaction(() =>
    seed.organizations.flatMap((organization) =>
      organization.repositories.flatMap((written) => insertRepository(context, organization.login, written)),
    ),
  );
  for (const organization of seed.organizations) if (app !== undefined) seedInstallation(context, app, organization);
  await fillAll(context, pending);
  for (const { repository, written } of pending) seedIssues(context, repository, written);
}

function seedUser(context: Context, user: FullSeed['users'][number]): void {
  const { state } = context;
  const account = accountByLogin(state, user.login) ?? insertAccount(context, 'User', user.login, user.id, user.name);
  const known = state.tokens.where(({ kind, accountId }) => kind === 'user' && accountId === account.id);
  const wanted = user.token;
  if (wanted === undefined ? known.length === 0 : !known.some(({ token }) => token === wanted)) {
    addUserToken(state, account, wanted ?? newUserToken());
  }
}

/** One that has run out gets another eight hours by being seeded again. */
function seedAppToken(context: Context, app: App, { login, app_token: token }: FullSeed['users'][number]): void {
  if (token === undefined) return;
  const { state } = context;
  const found = state.tokens.find((each) => each.token === token);
  if (found !== undefined) state.tokens.delete(found.id);
  addAppUserToken(state, context.now(), app, person(context, login), { token });
}

function seedOrganization(context: Context, written: OrganizationSeed): void {
  const { state } = context;
  const account = accountByLogin(state, written.login) ?? insertAccount(context, 'Organization', written.login);
  const idsOf = (logins: readonly string[]): number[] => logins.map((login) => person(context, login).id);
  state.accounts.update(account.id, {
    memberIds: [...new Set([...account.memberIds, ...idsOf(written.members)])],
    ownerIds: [...new Set([...account.ownerIds, ...idsOf(written.owners)])],
    defaultRepositoryPermission: written.default_repository_permission,
    propertyDefinitions: definitionsOf(account, written),
  });
}

/** People that the seed only mentions come into being without a token. */
function person(context: Context, login: string): Account {
  return accountByLogin(context.state, login) ?? insertAccount(context, 'User', login);
}

function insertAccount(context: Context, type: Account['type'], login: string, id?: number, name?: string): Account {
  return context.state.accounts.insert({
    id: id ?? context.state.nextId('account'),
    login,
    type,
    name: name ?? null,
    memberIds: [],
    ownerIds: [],
    defaultRepositoryPermission: 'read',
    propertyDefinitions: {},
    createdAt: context.now(),
  });
}

function seedApp(context: Context, { app: written, organizations }: FullSeed, secret: string): App {
  const { state } = context;
  if (written === undefined) throw new Error('the seed has no app');
  const found = state.apps.find(({ slug }) => slug === written.slug);
  if (found !== undefined) {
    return state.apps.update(found.id, {
      webhookUrl: written.webhook_url ?? found.webhookUrl,
      webhookSecret: written.webhook_secret ?? found.webhookSecret,
      clientId: written.client_id ?? found.clientId,
      clientSecret: written.client_secret ?? found.clientSecret,
      deviceFlow: written.device_flow,
    });
  }
  const first = organizations[0]?.login;
  const owner = first === undefined ? state.accounts.all()[0] : accountByLogin(state, first);
  return createApp(state, context.now(), {
    ...(written.id === undefined ? {} : { id: written.id }),
    slug: written.slug,
    owner: owner ?? insertAccount(context, 'User', `${written.slug}-owner`),
    url: context.baseUrl,
    description: null,
    webhookUrl: written.webhook_url ?? null,
    webhookSecret: written.webhook_secret ?? secret,
    ...(written.client_id === undefined ? {} : { clientId: written.client_id }),
    ...(written.client_secret === undefined ? {} : { clientSecret: written.client_secret }),
    deviceFlow: written.device_flow,
    permissions: written.permissions ?? defaultPermissions,
    events: written.events ?? defaultEvents,
    ...(written.private_key_file === undefined ? {} : keysFrom(written.private_key_file)),
  });
}

function keysFrom(file: string): { privateKeyPem: string; publicKeyPem: string } {
  const privateKeyPem = readFileSync(file, 'utf8');
  const publicKey = createPublicKey(createPrivateKey(privateKeyPem));
  return { privateKeyPem, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

function seedInstallation(context: Context, app: App, written: OrganizationSeed): void {
  const { state } = context;
  const account = accountByLogin(state, written.login);
  if (account === undefined) return;
  const ids =
    written.installed === 'all'
      ? []
      : written.installed.map((name) => {
          const found = repositoryByName(state, written.login, name);
          if (found === undefined) throw new Error(`installed: ${written.login}/${name} is not among the repositories`);
          return found.id;
        });
  const found = state.installations.find(({ appId, accountId }) => appId === app.id && accountId === account.id);
  if (found === undefined) {
    install(state, context.now(), app, account, written.installed === 'all' ? 'all' : 'selected', ids);
  } else if (written.installed !== 'all') {
    state.installations.update(found.id, { repositoryIds: [...new Set([...found.repositoryIds, ...ids])] });
  }
}

interface Pending {
  repository: Repository;
  written: RepositorySeed;
}

function insertRepository(context: Context, owner: string, written: RepositorySeed): Pending[] {
  const { state } = context;
  if (repositoryByName(state, owner, written.name) !== undefined) return [];
  const account = accountByLogin(state, owner);
  if (account === undefined) throw new Error(`no account ${owner}`);
  const now = context.now();
  const repository = state.repositories.insert({
    id: state.nextId('repository'),
    ownerId: account.id,
    name: written.name,
    visibility: written.visibility,
    description: written.description ?? null,
    homepage: null,
    topics: written.topics,
    customProperties: written.custom_properties,
    archived: written.archived,
    disabled: written.disabled,
    fork: written.fork !== false,
    parentId: parentOf(context, written.fork),
    hasIssues: written.has_issues,
    defaultBranch: written.default_branch ?? 'main',
    collaborators: Object.fromEntries(
      Object.entries(written.collaborators).map(([login, role]) => [String(person(context, login).id), role]),
    ),
    protectedBranches: written.protected_branches,
    formerNames: [],
    allowMergeCommit: true,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    deleteBranchOnMerge: false,
    nextNumber: 1,
    empty: true,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  });
  return [{ repository, written }];
}

function parentOf(context: Context, fork: boolean | string): number | null {
  if (typeof fork !== 'string') return null;
  const [owner = '', name = ''] = fork.split('/');
  return repositoryByName(context.state, owner, name)?.id ?? null;
}

async function fillAll(context: Context, pending: readonly Pending[]): Promise<void> {
  const queue = [...pending];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const filled = await fillRepository(
        context.state.gitDirectory(next.repository.id),
        fullName(context.state, next.repository),
        next.written,
        context.now(),
      );
      context.state.repositories.update(next.repository.id, filled);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
}

function seedIssues(context: Context, repository: Repository, written: RepositorySeed): void {
  for (const issue of written.issues) {
    const account =
      issue.user === undefined ? context.state.accounts.need(repository.ownerId) : person(context, issue.user);
    // Without a webhook: what a seed brings was there before the app.
    const part = { title: issue.title, body: issue.body ?? null, labelIds: [], assigneeIds: [], pull: null };
    insertIssue(context, { account, app: null }, repository, part);
  }
}
