import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseSeed } from '../../src/local-github/seed/seed.ts';
import { givenGitHub, octocatsAppToken, repositories, type World } from './given-github.ts';

let world: World;
let now = 0;

beforeEach(async () => {
  now = Date.parse('2026-05-01T10:00:00Z');
  world = await givenGitHub(
    [
      {
        login: 'acme',
        installed: ['alpha', 'open'],
        repositories: [
          ...repositories('alpha', 'outside'),
          { name: 'open', visibility: 'public', files: { a: 'a' } },
          { name: 'elsewhere', visibility: 'public', files: { a: 'a' }, collaborators: { octocat: 'admin' } },
          { name: 'strange', files: { a: 'a' } },
        ],
      },
    ],
    {
      now: () => now,
      app: {
        client_id: 'Iv23liLocalFlotilla00',
        client_secret: 'a-client-secret-of-the-app',
        permissions: { issues: 'write' },
      },
    },
  );
});
afterEach(() => world.close());

const hours = 3_600_000;
const clientId = 'Iv23liLocalFlotilla00';

interface Client {
  id?: string;
  secret?: string;
  method?: string;
  path?: string;
}

function check(token: string, client: Client = {}) {
  const { id = clientId, secret = 'a-client-secret-of-the-app', method = 'POST' } = client;
  const { path = id } = client;
  const basic = Buffer.from(`${id}:${secret}`).toString('base64');
  const headers = { authorization: `Basic ${basic}` };
  return world.api(method, `/applications/${path}/token`, { token: '', headers, body: { access_token: token } });
}

test('a check tells whose token it is, of which app, and until when', async () => {
  expect(await check(octocatsAppToken)).toMatchObject({
    status: 200,
    json: {
      user: { login: 'octocat', type: 'User' },
      app: { client_id: clientId, name: 'flotilla' },
      token: octocatsAppToken,
      token_last_eight: 'oooooooo',
      created_at: '2026-05-01T10:00:00Z',
      expires_at: '2026-05-01T18:00:00Z',
    },
  });
});

test("a token that is unknown, a person's own, expired or revoked is not found", async () => {
  expect((await check('ghu_unknown')).status).toBe(404);
  expect((await check('octocat')).status).toBe(404);
  expect((await check(await world.installationToken())).status).toBe(404);
  now += 8 * hours;
  expect((await check(octocatsAppToken)).status).toBe(404);
  expect((await world.api('GET', '/user', { token: octocatsAppToken })).status).toBe(401);
  now -= 1;
  expect((await check(octocatsAppToken, { method: 'DELETE' })).status).toBe(204);
  expect((await check(octocatsAppToken)).status).toBe(404);
  expect((await world.api('GET', '/user', { token: octocatsAppToken })).status).toBe(401);
});

test('only the app itself asks, and only for its own tokens', async () => {
  expect((await check(octocatsAppToken, { secret: 'wrong' })).status).toBe(401);
  expect((await check(octocatsAppToken, { id: 'Iv23liAnotherOne0000', path: clientId })).status).toBe(401);
  expect((await check(octocatsAppToken, { path: 'Iv23liAnotherOne0000' })).status).toBe(404);
  const path = `/applications/${clientId}/token`;
  const body = { access_token: octocatsAppToken };
  expect((await world.api('POST', path, { token: '', body })).status).toBe(401);
  expect((await world.api('POST', path, { token: 'octocat', body })).status).toBe(401);
  expect((await world.api('POST', path, { token: await world.jwt(), body })).status).toBe(401);
});

test('another app finds nothing', async () => {
  await world.github.seed({
    app: { slug: 'second', client_id: 'Iv23liSecond', client_secret: 'the-secret-of-the-second' },
  });
  const other = { id: 'Iv23liSecond', secret: 'the-secret-of-the-second' };
  expect((await check(octocatsAppToken, other)).status).toBe(404);
});

test("the client's credentials open nothing else", async () => {
  const basic = Buffer.from(`${clientId}:a-client-secret-of-the-app`).toString('base64');
  const headers = { authorization: `Basic ${basic}` };
  expect((await world.api('GET', '/app', { token: '', headers })).status).toBe(401);
  expect((await world.api('GET', '/user', { token: '', headers })).status).toBe(403);
  expect((await world.api('GET', '/repos/acme/alpha', { token: '', headers })).status).toBe(403);
});

test('a user token of the app does what both the person and the app may', async () => {
  const ask = (method: string, path: string, body?: object) =>
    world.api(method, path, { token: octocatsAppToken, body });
  expect((await ask('GET', '/user')).json).toMatchObject({ login: 'octocat' });
  expect(await ask('POST', '/repos/acme/alpha/issues', { title: 'By both' })).toMatchObject({
    status: 201,
    json: { user: { login: 'octocat' }, performed_via_github_app: { slug: 'flotilla' } },
  });
  // The person may, the app may not.
  expect((await ask('PUT', '/repos/acme/alpha/topics', { names: ['x'] })).status).toBe(403);
  expect((await ask('GET', '/repos/acme/outside')).status).toBe(404);
  expect((await ask('POST', '/repos/acme/elsewhere/issues', { title: 'x' })).status).toBe(403);
  // The app may, the person may not.
  expect((await ask('GET', '/repos/acme/strange')).status).toBe(404);
  // Anybody may.
  expect((await ask('GET', '/repos/acme/elsewhere')).status).toBe(200);
  const listed = (await ask('GET', '/user/repos')).text;
  expect(listed).toContain('acme/alpha');
  expect(listed).not.toContain('acme/outside');
});

test("the app's credentials are those of the seed, also after a restart and a second seeding", async () => {
  expect(world.github.app).toMatchObject({ clientId, clientSecret: 'a-client-secret-of-the-app' });
  await world.restart();
  expect(world.github.app.clientId).toBe(clientId);
  expect((await check(octocatsAppToken)).status).toBe(200);
  now += 9 * hours;
  await world.github.seed({
    app: { slug: 'flotilla', client_secret: 'another-client-secret-now' },
    users: [{ login: 'octocat', app_token: octocatsAppToken }],
  });
  expect((await check(octocatsAppToken)).status).toBe(401);
  expect((await check(octocatsAppToken, { secret: 'another-client-secret-now' })).status).toBe(200);
  expect(world.github.tokens.octocat, 'the own token stays').toBe('octocat');
});

test('a seed with credentials of another form is refused', () => {
  expect(() => parseSeed({ app: { client_id: 'flotilla' } })).toThrow('app.client_id: is not a client id');
  expect(() => parseSeed({ app: { client_secret: 'short' } })).toThrow('app.client_secret: is not a client secret');
  expect(() => parseSeed({ users: [{ login: 'octocat', app_token: 'ghp_x' }] })).toThrow('users.0.app_token: is not');
});
