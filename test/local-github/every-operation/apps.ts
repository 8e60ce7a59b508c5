import { z } from 'zod';
import { type Walk, withId, withToken } from './walk.ts';

/** What needs no repository: the root, people, the app and its installations. */
export async function walkApps({ ask, app, jwt, world }: Walk): Promise<void> {
  for (const path of ['/', '/meta', '/rate_limit']) await ask(200, 'GET', path, { token: '' });
  await ask(200, 'GET', '/rate_limit', { token: app });
  await ask(200, 'GET', '/user');
  for (const login of ['octocat', 'acme', 'flotilla%5Bbot%5D']) await ask(200, 'GET', `/users/${login}`);
  const asApp = { token: jwt };
  await ask(200, 'GET', '/app', asApp);
  await ask(200, 'GET', '/app/hook/config', asApp);
  await ask(200, 'GET', '/app/installations?per_page=1&page=2', asApp);
  for (const path of ['/orgs/acme', '/users/octocat', '/repos/acme/alpha', '/repos/octocat/tools']) {
    const installation = withId.parse(await ask(200, 'GET', `${path}/installation`, asApp));
    await ask(200, 'GET', `/app/installations/${installation.id}`, asApp);
  }
  await walkTokens({ ask, app, jwt, world });
  await walkUserTokens({ ask, world });
}

/** A user token of the app is looked at, and revoked. */
async function walkUserTokens({ ask, world }: Pick<Walk, 'ask' | 'world'>): Promise<void> {
  const { clientId, clientSecret } = world.github.app;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const path = `/applications/${clientId}/token`;
  const access_token = world.github.appTokens.octocat ?? '';
  const asClient = { token: '', headers: { authorization: `Basic ${basic}` }, body: { access_token } };
  await ask(200, 'GET', '/user', { token: access_token });
  await ask(200, 'POST', path, asClient);
  await ask(204, 'DELETE', path, asClient);
  await ask(404, 'POST', path, asClient);
}

async function walkTokens({ ask, app, jwt, world }: Pick<Walk, 'ask' | 'app' | 'jwt' | 'world'>): Promise<void> {
  const { id } = withId.parse(await ask(200, 'GET', '/repos/acme/alpha'));
  const path = `/app/installations/${world.github.app.installationId}/access_tokens`;
  const limits = [
    undefined,
    { repositories: ['alpha', 'old'], permissions: { contents: 'write', workflows: 'write' } },
    { repository_ids: [id], permissions: { issues: 'read', pull_requests: 'read' } },
  ];
  for (const body of limits) {
    const { token } = withToken.parse(await ask(201, 'POST', path, { token: jwt, body }));
    await ask(200, 'GET', '/installation/repositories', { token });
    await ask(204, 'DELETE', '/installation/token', { token });
    await ask(401, 'GET', '/installation/repositories', { token });
  }
  await ask(200, 'GET', '/installation/repositories?per_page=3&page=2', { token: app });
}

const listed = z.array(z.looseObject({ id: z.number(), status_code: z.number() }));

/** Deliveries that were taken and one that failed, each shown alone and sent again. */
export async function walkDeliveries({ ask, jwt, world }: Walk): Promise<void> {
  const asApp = { token: jwt };
  world.answers.push(500);
  await ask(201, 'POST', '/repos/acme/alpha/issues/1/comments', { body: { body: 'not heard' } });
  await world.github.idle();
  const failed = listed.parse(await ask(200, 'GET', '/app/hook/deliveries?per_page=2&status=failure', asApp));
  const taken = listed.parse(await ask(200, 'GET', '/app/hook/deliveries?status=success', asApp));
  await ask(200, 'GET', `/app/hook/deliveries?cursor=${taken[1]?.id}`, asApp);
  for (const delivery of [failed[0], taken[0]]) {
    await ask(200, 'GET', `/app/hook/deliveries/${delivery?.id}`, asApp);
    await ask(202, 'POST', `/app/hook/deliveries/${delivery?.id}/attempts`, asApp);
  }
  await world.github.idle();
  for (const delivery of listed.parse(await ask(200, 'GET', '/app/hook/deliveries?per_page=2', asApp))) {
    await ask(200, 'GET', `/app/hook/deliveries/${delivery.id}`, asApp);
  }
}

/** A second app is made from a manifest. */
export async function walkManifest({ ask, world }: Walk): Promise<void> {
  const manifest = {
    name: 'second',
    url: 'https://second.example.com',
    description: 'Another app',
    redirect_url: 'http://localhost:3000/probot/setup',
    hook_attributes: { url: world.github.app.webhookUrl },
    default_permissions: { issues: 'read' },
    default_events: ['issues'],
  };
  const page = await fetch(`${world.github.url}/settings/apps/new`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'http://localhost:3000' },
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
  });
  const code = new URL(page.headers.get('location') ?? '').searchParams.get('code');
  await ask(201, 'POST', `/app-manifests/${code}/conversions`, { token: '' });
}
