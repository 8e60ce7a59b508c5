import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ApiError, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { isLoopbackUrl, mustBeLoopback } from '../loopback.ts';
import { type Account, type App, type Permissions, permissionLevel } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** GitHub takes any address; here the code and the webhooks, with all private texts in them, stay on this machine. */
const loopbackUrl = z.string().refine(isLoopbackUrl, mustBeLoopback);

/** Source: docs.github.com, "Registering a GitHub App from a manifest". */
export const manifestSchema = z.looseObject({
  name: z.string().optional(),
  url: z.string(),
  hook_attributes: z.looseObject({ url: loopbackUrl, active: z.boolean().optional() }).optional(),
  redirect_url: loopbackUrl,
  description: z.string().optional(),
  public: z.boolean().optional(),
  default_events: z.array(z.string()).optional(),
  default_permissions: z.record(z.string(), permissionLevel).optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;

export interface NewApp {
  id?: number;
  slug: string;
  owner: Account;
  url: string;
  description: string | null;
  webhookUrl: string | null;
  webhookSecret: string;
  permissions: Permissions;
  events: string[];
  /** Whether a person may authorize it by device code. */
  deviceFlow: boolean;
  /** Made when absent, like the following. */
  clientId?: string;
  clientSecret?: string;
  privateKeyPem?: string;
  publicKeyPem?: string;
}

/** Also makes the app's bot account. */
export function createApp(state: State, now: number, written: NewApp): App {
  const keys =
    written.privateKeyPem === undefined || written.publicKeyPem === undefined
      ? newKeys()
      : { privateKeyPem: written.privateKeyPem, publicKeyPem: written.publicKeyPem };
  const bot = state.accounts.insert({
    id: state.nextId('account'),
    login: `${written.slug}[bot]`,
    type: 'Bot',
    name: null,
    memberIds: [],
    ownerIds: [],
    defaultRepositoryPermission: 'none',
    propertyDefinitions: {},
    createdAt: now,
  });
  return state.apps.insert({
    id: written.id ?? freeAppId(state),
    slug: written.slug,
    name: written.slug,
    description: written.description,
    externalUrl: written.url,
    clientId: written.clientId ?? `Iv23li${randomBytes(7).toString('hex')}`,
    clientSecret: written.clientSecret ?? randomBytes(20).toString('hex'),
    ownerId: written.owner.id,
    botId: bot.id,
    hookId: state.nextId('hook'),
    webhookUrl: written.webhookUrl,
    webhookSecret: written.webhookSecret,
    ...keys,
    deviceFlow: written.deviceFlow,
    permissions: { metadata: 'read', ...written.permissions },
    events: written.events,
    createdAt: now,
  });
}

function freeAppId(state: State): number {
  let id = state.nextId('app');
  while (state.apps.get(id) !== undefined) id = state.nextId('app');
  return id;
}

function newKeys(): { privateKeyPem: string; publicKeyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    // PKCS#1, as GitHub hands out.
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKeyPem: privateKey, publicKeyPem: publicKey };
}

/** A person's confirmation of a manifest; the code is good for one conversion within an hour. */
const codes = new WeakMap<State, Map<string, { manifest: Manifest; at: number }>>();

function codesOf(state: State): Map<string, { manifest: Manifest; at: number }> {
  const found = codes.get(state) ?? new Map<string, { manifest: Manifest; at: number }>();
  codes.set(state, found);
  return found;
}

/** @returns where the person's browser goes next: the manifest's redirect with the code. */
export function acceptManifest(context: Context, manifest: Manifest, pageState: string | undefined): string {
  const code = randomBytes(20).toString('hex');
  codesOf(context.state).set(code, { manifest, at: context.now() });
  const target = new URL(manifest.redirect_url);
  target.searchParams.set('code', code);
  if (pageState !== undefined) target.searchParams.set('state', pageState);
  return target.href;
}

/** Creates the app and installs it on every organization, as its owner would do next. @throws ApiError 404, 422 */
export function convertManifest(context: Context, code: string): App {
  const accepted = codesOf(context.state).get(code);
  codesOf(context.state).delete(code);
  if (accepted === undefined || accepted.at < context.now() - 3_600_000) throw notFound();
  const { manifest } = accepted;
  const owner = context.state.accounts.find(({ type }) => type === 'Organization') ?? context.state.accounts.all()[0];
  if (owner === undefined) throw new ApiError(422, 'There is no account that could own the app.');
  const app = createApp(context.state, context.now(), {
    slug: freeSlug(context.state, manifest.name ?? 'app'),
    owner,
    url: manifest.url,
    description: manifest.description ?? null,
    webhookUrl: manifest.hook_attributes?.url ?? null,
    webhookSecret: randomBytes(20).toString('hex'),
    // On GitHub a person enables it in the app's settings; there is no such page here.
    deviceFlow: true,
    permissions: manifest.default_permissions ?? {},
    events: manifest.default_events ?? [],
  });
  for (const organization of context.state.accounts.where(({ type }) => type === 'Organization')) {
    install(context.state, context.now(), app, organization, 'all', []);
  }
  return app;
}

function freeSlug(state: State, name: string): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'app';
  const taken = new Set(state.apps.all().map(({ slug }) => slug));
  let slug = base;
  for (let count = 1; taken.has(slug); count += 1) slug = `${base}-${count}`;
  return slug;
}

export function install(
  state: State,
  now: number,
  app: App,
  account: Account,
  selection: 'all' | 'selected',
  repositoryIds: number[],
) {
  return state.installations.insert({
    id: state.nextId('installation'),
    appId: app.id,
    accountId: account.id,
    selection,
    repositoryIds,
    permissions: app.permissions,
    events: app.events,
    createdAt: now,
    updatedAt: now,
  });
}
