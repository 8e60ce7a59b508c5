import { afterAll, beforeAll, expect, test } from 'vitest';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([
    {
      login: 'acme',
      installed: ['alpha', 'beta', 'open'],
      repositories: [
        ...repositories('alpha', 'beta', 'outside'),
        { name: 'open', visibility: 'public', files: { a: 'a' } },
      ],
    },
  ]);
});
afterAll(() => world.close());

const seconds = () => Math.floor(Date.now() / 1000);

test('an App JWT is verified: signature, issuer, issue time and life', async () => {
  expect(await world.api('GET', '/app', { token: await world.jwt() })).toMatchObject({ status: 200, json: { id: 7 } });
  const jwt = await world.jwt();
  const forged = `${jwt.slice(0, jwt.lastIndexOf('.'))}.${'A'.repeat(342)}`;
  expect(await world.api('GET', '/app', { token: forged })).toMatchObject({
    status: 401,
    json: { message: 'A JSON web token could not be decoded' },
  });
  expect((await world.api('GET', '/app', { token: await world.jwt({ iss: '8' }) })).status).toBe(404);
  expect((await world.api('GET', '/app', { token: await world.jwt({ iat: seconds() + 200 }) })).status).toBe(401);
  const late = await world.jwt({ iat: seconds() - 700, exp: seconds() - 100 });
  expect((await world.api('GET', '/app', { token: late })).status).toBe(401);
  const long = await world.jwt({ exp: seconds() + 3600 });
  expect(await world.api('GET', '/app', { token: long })).toMatchObject({
    json: { message: "'Expiration time' claim ('exp') is too far in the future" },
  });
});

test('the client id is an issuer too', async () => {
  const token = await world.jwt({ iss: world.github.app.clientId });
  expect((await world.api('GET', '/app', { token })).status).toBe(200);
});

test('app endpoints take nothing but an App JWT', async () => {
  expect((await world.api('GET', '/app')).status).toBe(401);
  expect((await world.api('GET', '/app', { token: await world.installationToken() })).status).toBe(401);
});

test('wrong tokens are refused, and none sees what is public', async () => {
  expect(await world.api('GET', '/repos/acme/open', { token: 'ghp_wrong' })).toMatchObject({
    status: 401,
    json: { message: 'Bad credentials' },
  });
  expect((await world.api('GET', '/repos/acme/open', { token: '' })).status).toBe(200);
  expect((await world.api('GET', '/repos/acme/alpha', { token: '' })).status).toBe(404);
  expect((await world.api('POST', '/repos/acme/open/issues', { token: '', body: { title: 'x' } })).status).toBe(401);
});

test('an installation token is long and reaches the installation only', async () => {
  const token = await world.installationToken();
  expect(token.length).toBeGreaterThan(200);
  const listed = await world.api('GET', '/installation/repositories', { token });
  expect(listed.json).toMatchObject({
    total_count: 3,
    repositories: [{ name: 'alpha' }, { name: 'beta' }, { name: 'open' }],
  });
  expect((await world.api('GET', '/repos/acme/outside', { token })).status).toBe(404);
});

test('a token is limited to the repositories that were asked for', async () => {
  const token = await world.installationToken({ repositories: ['alpha'] });
  expect((await world.api('GET', '/repos/acme/alpha', { token })).status).toBe(200);
  expect((await world.api('GET', '/repos/acme/beta', { token })).status).toBe(404);
  const listed = await world.api('GET', '/installation/repositories', { token });
  expect(listed.json).toMatchObject({ total_count: 1, repository_selection: 'selected' });
});

test('a token is limited to the permissions that were asked for', async () => {
  const token = await world.installationToken({ permissions: { contents: 'read' } });
  expect((await world.api('GET', '/repos/acme/alpha/contents/README.md', { token })).status).toBe(200);
  expect(await world.api('POST', '/repos/acme/alpha/issues', { token, body: { title: 'x' } })).toMatchObject({
    status: 403,
    json: { message: 'Resource not accessible by integration' },
  });
});

test('more than the installation has cannot be asked for', async () => {
  const path = `/app/installations/${world.github.app.installationId}/access_tokens`;
  const token = await world.jwt();
  const more = await world.api('POST', path, { token, body: { permissions: { administration: 'write' } } });
  expect(more).toMatchObject({ status: 422, json: { message: expect.stringContaining('not granted') } });
  const outside = await world.api('POST', path, { token, body: { repositories: ['outside'] } });
  expect(outside).toMatchObject({ status: 422, json: { message: expect.stringContaining('not accessible') } });
});

test('an expired installation token is refused', async () => {
  const token = await world.installationToken();
  const { tokens } = world.github.context.state;
  const stored = tokens.find((each) => each.token === token);
  tokens.update(stored?.id ?? 0, { expiresAt: Date.now() - 1 });
  expect((await world.api('GET', '/installation/repositories', { token })).status).toBe(401);
  await expect(world.git('ls-remote', world.remote('acme/alpha', token))).rejects.toThrow();
});

test('people do what their role allows and see nothing else', async () => {
  expect((await world.api('GET', '/repos/acme/alpha', { token: 'onlooker' })).status).toBe(404);
  const seen = await world.api('GET', '/repos/acme/alpha/collaborators/onlooker/permission');
  expect(seen.json).toMatchObject({ permission: 'none', user: { login: 'onlooker' } });
  expect(
    (await world.api('PUT', '/repos/acme/alpha/collaborators/onlooker', { body: { permission: 'pull' } })).status,
  ).toBe(204);
  expect((await world.api('GET', '/repos/acme/alpha', { token: 'onlooker' })).status).toBe(200);
  const write = { token: 'onlooker', body: { message: 'm', content: 'aGk=' } };
  expect((await world.api('PUT', '/repos/acme/alpha/contents/x', write)).status).toBe(404);
  expect((await world.api('GET', '/repos/acme/alpha/collaborators/octocat/permission')).json).toMatchObject({
    permission: 'admin',
    role_name: 'admin',
  });
});

test('a foreign host name is refused, so that no page of another site reaches the server', async () => {
  const { port } = new URL(world.github.url);
  const { request } = await import('node:http');
  const status = await new Promise((done, fail) => {
    request({ host: '127.0.0.1', port, path: '/api/v3/', headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .on('error', fail)
      .end();
  });
  expect(status).toBe(421);
});
