import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseSeed } from '../../src/local-github/seed/seed.ts';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World | undefined;

afterEach(() => world?.close());

test('issues, tokens, keys and git objects survive a restart, and ids go on', async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
  const first = await world.api('POST', '/repos/acme/alpha/issues/1/comments', { body: { body: 'kept' } });
  const token = await world.installationToken();
  const head = await world.git('ls-remote', world.remote('acme/alpha', token), 'HEAD');
  await world.restart();
  expect((await world.api('GET', '/repos/acme/alpha/issues/1/comments', { token })).json).toMatchObject([
    { body: 'kept' },
  ]);
  const second = await world.api('POST', '/repos/acme/alpha/issues/1/comments', { body: { body: 'more' } });
  expect(Object(second.json).id).toBeGreaterThan(Object(first.json).id);
  expect(await world.git('ls-remote', world.remote('acme/alpha', token), 'HEAD')).toBe(head);
  expect((await stat(world.github.app.privateKeyFile)).mode & 0o777).toBe(0o600);
  expect(await readFile(world.github.app.privateKeyFile, 'utf8')).toBe(world.github.app.privateKeyPem);
});

test('a seed applied again adds only what is not there', async () => {
  const organization = { login: 'acme', repositories: repositories('alpha') };
  world = await givenGitHub([organization]);
  await world.github.seed({ organizations: [{ ...organization, repositories: repositories('alpha', 'beta') }] });
  const token = await world.installationToken();
  const listed = await world.api('GET', '/installation/repositories', { token });
  expect(listed.json).toMatchObject({ total_count: 2, repositories: [{ name: 'alpha' }, { name: 'beta' }] });
  expect((await world.api('GET', '/repos/acme/alpha/issues')).json).toHaveLength(1);
});

test('a repository is seeded from the HEAD of another one, which stays untouched', async () => {
  world = await givenGitHub([]);
  await world.git('init', '-q', '-b', 'trunk', 'origin');
  const origin = join(world.directory, 'origin');
  await writeFile(join(origin, 'a.txt'), 'committed\n');
  await world.git('-C', 'origin', 'add', '-A');
  await world.git('-C', 'origin', 'commit', '-qm', 'first');
  await writeFile(join(origin, 'a.txt'), 'not committed\n');
  const refs = await world.git('-C', 'origin', 'for-each-ref');
  await world.github.seed({
    organizations: [
      { login: 'acme', repositories: [{ name: 'copy', from: origin, collaborators: { octocat: 'read' } }] },
    ],
  });
  expect((await world.api('GET', '/repos/acme/copy')).json).toMatchObject({ default_branch: 'trunk' });
  const content = Buffer.from('committed\n').toString('base64');
  expect((await world.api('GET', '/repos/acme/copy/contents/a.txt')).json).toMatchObject({ content: `${content}\n` });
  expect(await world.git('-C', 'origin', 'for-each-ref')).toBe(refs);
  expect(await readFile(join(origin, 'a.txt'), 'utf8')).toBe('not committed\n');
});

test('a broken seed names every fault with its place', () => {
  const broken = { users: [{ login: '-x' }], organizations: [{ login: 'acme', repos: [] }] };
  expect(() => parseSeed(broken)).toThrow(/users\.0\.login[\s\S]*organizations\.0: .*repos/);
});

test('an app made from a manifest gets its key, its secret and its installation', async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
  const manifest = {
    name: 'Second App',
    url: 'http://127.0.0.1:3000',
    redirect_url: 'http://127.0.0.1:3000/probot/setup',
    hook_attributes: { url: 'http://127.0.0.1:3000/api/github/webhooks' },
    default_permissions: { issues: 'write' },
    default_events: ['issues'],
  };
  const page = await fetch(`${world.github.url}/settings/apps/new`, {
    method: 'POST',
    headers: { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    redirect: 'manual',
  });
  const target = new URL(page.headers.get('location') ?? '');
  expect(target.href).toMatch(/^http:\/\/127\.0\.0\.1:3000\/probot\/setup\?code=/);
  const code = target.searchParams.get('code');
  const made = await world.api('POST', `/app-manifests/${code}/conversions`, { token: '' });
  expect(made).toMatchObject({
    status: 201,
    json: { slug: 'second-app', pem: expect.stringContaining('RSA PRIVATE KEY'), webhook_secret: expect.any(String) },
  });
  expect((await world.api('POST', `/app-manifests/${code}/conversions`, { token: '' })).status).toBe(404);
});
