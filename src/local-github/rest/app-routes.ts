import { z } from 'zod';
import { reaches } from '../access/permissions.ts';
import { mintInstallationToken } from '../access/tokens.ts';
import { ApiError, notFound } from '../api-error.ts';
import { isFromElsewhere } from '../loopback.ts';
import { convertManifest } from '../operations/create-app.ts';
import { renderApp, renderInstallation } from '../render-json/app.ts';
import { renderDelivery, renderDeliveryItem } from '../render-json/delivery.ts';
import { renderListedRepository, renderRepository } from '../render-json/repository.ts';
import { timestamp } from '../render-json/time.ts';
import { accountByLogin, isInstalledOn, repositoriesOf, repositoryByName } from '../state/queries.ts';
import { type Installation, type Permissions, permissions, type Repository } from '../state/records.ts';
import { noBody, noQuery, numberIn } from './call.ts';
import { pageOf, paging } from './paging.ts';
import { type AppCall, anyoneRoute, appRoute, installationRoute } from './route.ts';

const tokenRequest = z
  .strictObject({
    repositories: z.array(z.string()).max(500).optional(),
    repository_ids: z.array(z.number().int()).max(500).optional(),
    permissions: permissions.optional(),
  })
  .optional();

/** Source: GitHub's OpenAPI description of the parameter `status` of `apps/list-webhook-deliveries`. */
const CODES = { success: [200, 399], failure: [400, 599] } as const;

export const appRoutes = [
  appRoute({
    method: 'GET',
    path: '/app',
    query: noQuery,
    body: noBody,
    handler: ({ context, app }) => ({
      status: 200,
      body: { ...renderApp(context, app), installations_count: installationsOf({ context, app }).length },
    }),
  }),
  appRoute({
    method: 'GET',
    path: '/app/installations',
    query: z.strictObject({ ...paging, since: z.iso.datetime().optional(), outdated: z.string().optional() }),
    body: noBody,
    handler: (call) =>
      pageOf(call.raw, call.query, installationsOf(call), (found) => renderInstallation(call.context, found)),
  }),
  appRoute({
    method: 'GET',
    path: '/app/installations/{installation_id}',
    query: noQuery,
    body: noBody,
    handler: (call) => ({ status: 200, body: renderInstallation(call.context, installationIn(call)) }),
  }),
  appRoute({
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    query: noQuery,
    body: tokenRequest,
    resource: 'Installation',
    handler: (call) => mint(call, installationIn(call), call.body ?? {}),
  }),
  appRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/installation',
    query: noQuery,
    body: noBody,
    handler: (call) => {
      const repository = repositoryByName(call.context.state, call.path('owner'), call.path('repo'));
      const found = installationsOf(call).find((each) => repository !== undefined && isInstalledOn(each, repository));
      if (found === undefined) throw notFound();
      return { status: 200, body: renderInstallation(call.context, found) };
    },
  }),
  ...(['org', 'username'] as const).map((name) =>
    appRoute({
      method: 'GET',
      path: name === 'org' ? '/orgs/{org}/installation' : '/users/{username}/installation',
      query: noQuery,
      body: noBody,
      handler: (call) => {
        const account = accountByLogin(call.context.state, call.path(name));
        const found = installationsOf(call).find(({ accountId }) => accountId === account?.id);
        if (found === undefined) throw notFound();
        return { status: 200, body: renderInstallation(call.context, found) };
      },
    }),
  ),
  installationRoute({
    method: 'GET',
    path: '/installation/repositories',
    query: z.strictObject(paging),
    body: noBody,
    handler: async ({ context, actor, raw, query }) => {
      const all = repositoriesOf(context.state, actor.installation).filter((repository) => reaches(actor, repository));
      const page = await pageOf(raw, query, all, (repository) => renderListedRepository(context, actor, repository));
      const selection = actor.token.repositoryIds === null ? actor.installation.selection : 'selected';
      return { ...page, body: { total_count: all.length, repository_selection: selection, repositories: page.body } };
    },
  }),
  installationRoute({
    method: 'DELETE',
    path: '/installation/token',
    query: noQuery,
    body: noBody,
    handler: ({ context, actor }) => {
      context.state.tokens.delete(actor.token.id);
      return { status: 204 };
    },
  }),
  appRoute({
    method: 'GET',
    path: '/app/hook/config',
    query: noQuery,
    body: noBody,
    handler: ({ app }) => ({
      status: 200,
      body: {
        content_type: 'json',
        insecure_ssl: '0',
        ...(app.webhookSecret === null ? {} : { secret: '********' }),
        ...(app.webhookUrl === null ? {} : { url: app.webhookUrl }),
      },
    }),
  }),
  appRoute({
    method: 'GET',
    path: '/app/hook/deliveries',
    query: z.strictObject({
      per_page: paging.per_page,
      cursor: z.string().regex(/^\d+$/).optional(),
      status: z.enum(['success', 'failure']).optional(),
    }),
    body: noBody,
    handler: ({ context, app, query, raw }) => {
      const before = query.cursor === undefined ? undefined : Number(query.cursor);
      const codes = query.status === undefined ? undefined : CODES[query.status];
      const found = context.state.deliveries.list(app.id, query.per_page + 1, before, codes);
      const shown = found.slice(0, query.per_page);
      const url = new URL(raw.request.url, context.baseUrl);
      url.searchParams.set('cursor', String(shown.at(-1)?.id ?? 0));
      return {
        status: 200,
        body: shown.map(renderDeliveryItem),
        headers: found.length > shown.length ? { link: `<${url.href}>; rel="next"` } : {},
      };
    },
  }),
  appRoute({
    method: 'GET',
    path: '/app/hook/deliveries/{delivery_id}',
    query: noQuery,
    body: noBody,
    handler: (call) => ({ status: 200, body: renderDelivery(deliveryIn(call)) }),
  }),
  appRoute({
    method: 'POST',
    path: '/app/hook/deliveries/{delivery_id}/attempts',
    query: noQuery,
    body: noBody,
    handler: (call) => {
      call.context.webhooks.redeliver(call.app, deliveryIn(call));
      return { status: 202, body: {} };
    },
  }),
  anyoneRoute({
    method: 'POST',
    path: '/app-manifests/{code}/conversions',
    query: noQuery,
    body: noBody,
    resource: null,
    handler: ({ context, path, raw }) => {
      if (isFromElsewhere(raw.request.headers)) throw new ApiError(403, 'Pages of other machines make no apps here.');
      const app = convertManifest(context, path('code'));
      return {
        status: 201,
        body: {
          ...renderApp(context, app),
          client_secret: app.clientSecret,
          webhook_secret: app.webhookSecret,
          pem: app.privateKeyPem,
        },
      };
    },
  }),
];

function installationsOf({ context, app }: Pick<AppCall, 'context' | 'app'>): Installation[] {
  return context.state.installations.where(({ appId }) => appId === app.id);
}

function installationIn(call: Pick<AppCall, 'context' | 'app' | 'path'>): Installation {
  const id = numberIn(call.path('installation_id'));
  const found = installationsOf(call).find((installation) => installation.id === id);
  if (found === undefined) throw notFound();
  return found;
}

function deliveryIn({ context, app, path }: Pick<AppCall, 'context' | 'app' | 'path'>) {
  const found = context.state.deliveries.get(numberIn(path('delivery_id')));
  if (found === undefined || found.appId !== app.id) throw notFound();
  return found;
}

function mint(
  { context }: Pick<AppCall, 'context'>,
  installation: Installation,
  wanted: NonNullable<z.infer<typeof tokenRequest>>,
) {
  const limited = wanted.permissions === undefined ? null : withinGranted(installation, wanted.permissions);
  const reachable = repositoriesOf(context.state, installation);
  const chosen =
    wanted.repositories === undefined && wanted.repository_ids === undefined
      ? null
      : choose(reachable, wanted.repositories ?? [], wanted.repository_ids ?? []);
  const token = mintInstallationToken(context.state, installation, {
    permissions: limited,
    repositoryIds: chosen?.map(({ id }) => id) ?? null,
  });
  return {
    status: 201,
    body: {
      token: token.token,
      expires_at: timestamp(token.expiresAt ?? 0),
      permissions: limited ?? installation.permissions,
      repository_selection: chosen === null ? installation.selection : 'selected',
      ...(chosen === null ? {} : { repositories: chosen.map((repository) => renderRepository(context, repository)) }),
    },
  };
}

function withinGranted(installation: Installation, wanted: Permissions): Permissions {
  const rank = { read: 1, write: 2, admin: 3 };
  for (const [name, level] of Object.entries(wanted)) {
    const granted = installation.permissions[name];
    if (granted === undefined || rank[granted] < rank[level]) {
      throw new ApiError(422, 'The permissions requested are not granted to this installation.');
    }
  }
  return { metadata: 'read', ...wanted };
}

function choose(reachable: readonly Repository[], names: readonly string[], ids: readonly number[]): Repository[] {
  const chosen = reachable.filter(
    ({ id, name }) => ids.includes(id) || names.some((wanted) => wanted.toLowerCase() === name.toLowerCase()),
  );
  if (
    chosen.length < new Set([...names.map((name) => name.toLowerCase())]).size ||
    ids.some((id) => !chosen.some((one) => one.id === id))
  ) {
    throw new ApiError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return chosen;
}
