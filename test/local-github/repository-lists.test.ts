import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { givenGitHub, octocatsAppToken, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([
    {
      login: 'acme',
      members: ['octocat'],
      default_repository_permission: 'none',
      installed: ['alpha'],
      repositories: [
        ...repositories('alpha', 'beta').map((each) => ({ ...each, custom_properties: { tier: 'one' } })),
        { name: 'open', visibility: 'public', topics: ['lang-go'], files: { a: 'a' } },
        { name: 'hidden', files: { a: 'a' } },
      ],
    },
    { login: 'octocat', installed: [], repositories: [{ name: 'own', fork: 'acme/open', files: { a: 'a' } }] },
  ]);
});
afterAll(() => world.close());

const named = z.array(z.looseObject({ full_name: z.string() }));

async function list(path: string, token = 'octocat'): Promise<string[]> {
  const { json } = await world.api('GET', path, { token });
  return named.parse(json).map(({ full_name: name }) => name);
}

test('an organization lists what one may see, with topics and properties', async () => {
  expect(await list('/orgs/acme/repos?sort=full_name')).toEqual(['acme/alpha', 'acme/beta', 'acme/open']);
  expect(await list('/orgs/acme/repos?sort=full_name&direction=desc&per_page=1&page=2')).toEqual(['acme/beta']);
  expect(await list('/orgs/acme/repos?type=public')).toEqual(['acme/open']);
  expect(await list('/orgs/acme/repos?type=forks')).toEqual([]);
  expect(await list('/orgs/acme/repos', '')).toEqual(['acme/open']);
  expect(await list('/orgs/acme/repos?sort=full_name', await world.installationToken())).toEqual([
    'acme/alpha',
    'acme/open',
  ]);
  expect((await world.api('GET', '/orgs/acme/repos?type=private')).json).toMatchObject([
    { custom_properties: { tier: 'one' }, topics: [] },
    {},
  ]);
  expect((await world.api('GET', '/orgs/octocat/repos')).status).toBe(404);
  expect((await world.api('GET', '/orgs/acme/repos?type=odd')).status).toBe(422);
});

test('a person lists what is theirs, and through an app what both reach', async () => {
  expect(await list('/user/repos')).toEqual(['acme/alpha', 'acme/beta', 'acme/open', 'octocat/own']);
  expect(await list('/user/repos?affiliation=owner')).toEqual(['octocat/own']);
  expect(await list('/user/repos?visibility=public&affiliation=organization_member')).toEqual(['acme/open']);
  expect(await list('/user/repos?visibility=private', octocatsAppToken)).toEqual(['acme/alpha']);
  expect((await world.api('GET', '/user/repos?type=all&visibility=all')).status).toBe(422);
  expect((await world.api('GET', '/user/repos', { token: '' })).status).toBe(401);
  expect((await world.api('GET', '/user/repos', { token: await world.installationToken() })).status).toBe(403);
});

test('topics are saved in lower case, and others are refused', async () => {
  const put = (names: unknown, token = 'octocat') =>
    world.api('PUT', '/repos/acme/alpha/topics', { token, body: { names } });
  expect((await put(['Lang-TS', 'lang-ts', '2d', 'a'.repeat(50)])).json).toEqual({
    names: ['lang-ts', '2d', 'a'.repeat(50)],
  });
  expect((await world.api('GET', '/repos/acme/alpha/topics')).json).toMatchObject({
    names: ['lang-ts', '2d', 'a'.repeat(50)],
  });
  for (const wrong of ['-a', 'a b', 'ä', 'a_b', '', 'a'.repeat(51)])
    expect((await put([wrong])).status, wrong).toBe(422);
  expect((await put(Array.from({ length: 21 }, (_, index) => `t${index}`))).status).toBe(422);
  expect((await put(Array.from({ length: 20 }, (_, index) => `t${index}`))).status).toBe(200);
  expect((await put(['x'], 'onlooker')).status).toBe(404);
  expect((await put(['x'], await world.installationToken())).status).toBe(403);
  expect((await world.api('PUT', '/repos/acme/open/topics', { body: { names: [] } })).status).toBe(404);
});
