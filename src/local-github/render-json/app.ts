import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { nodeId } from '../state/node-id.ts';
import type { App, Installation, Token } from '../state/records.ts';
import { renderSimpleUser } from './account.ts';
import { timestamp } from './time.ts';

export function renderApp(context: Context, app: App) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('app', app.id),
    client_id: app.clientId,
    owner: renderSimpleUser(context, context.state.accounts.need(app.ownerId)),
    name: app.name,
    description: app.description,
    external_url: app.externalUrl,
    html_url: `${context.baseUrl}/apps/${app.slug}`,
    created_at: timestamp(app.createdAt),
    updated_at: timestamp(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

export function renderNullableApp(context: Context, appId: number | null) {
  const app = appId === null ? undefined : context.state.apps.get(appId);
  return app === undefined ? null : renderApp(context, app);
}

/** A user token that was issued to an app, as its check tells it. */
export function renderAuthorization(context: Context, app: App, token: Token) {
  return {
    id: token.id,
    url: `${context.baseUrl}/api/v3/authorizations/${token.id}`,
    app: { client_id: app.clientId, name: app.name, url: app.externalUrl },
    token: token.token,
    hashed_token: createHash('sha256').update(token.token).digest('hex'),
    token_last_eight: token.token.slice(-8),
    note: null,
    note_url: null,
    created_at: timestamp(token.createdAt),
    updated_at: timestamp(token.createdAt),
    // A user token of a GitHub App has permissions, not scopes.
    scopes: [],
    fingerprint: null,
    expires_at: token.expiresAt === null ? null : timestamp(token.expiresAt),
    user: renderSimpleUser(context, context.state.accounts.need(token.accountId)),
  };
}

export function renderInstallation(context: Context, installation: Installation) {
  const account = context.state.accounts.need(installation.accountId);
  const app = context.state.apps.need(installation.appId);
  const settings = account.type === 'Organization' ? `/organizations/${account.login}/settings` : '/settings';
  return {
    id: installation.id,
    account: renderSimpleUser(context, account),
    repository_selection: installation.selection,
    access_tokens_url: `${context.baseUrl}/api/v3/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${context.baseUrl}/api/v3/installation/repositories`,
    html_url: `${context.baseUrl}${settings}/installations/${installation.id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: timestamp(installation.createdAt),
    updated_at: timestamp(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
