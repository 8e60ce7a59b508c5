import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub(
    [
      {
        login: 'acme',
        members: ['octocat'],
        owners: ['chief'],
        custom_properties: {
          tier: {
            value_type: 'single_select',
            allowed_values: ['one', 'two'],
            values_editable_by: 'org_and_repo_actors',
          },
          cost: { value_type: 'string' },
          live: { value_type: 'true_false', required: true, default_value: 'false' },
          page: { value_type: 'url' },
        },
        repositories: [
          ...repositories('alpha').map((written) => ({ ...written, custom_properties: { teams: ['web', 'api'] } })),
          ...repositories('beta'),
        ],
      },
      { login: 'octocat', repositories: [{ name: 'own', files: { a: 'a' } }] },
    ],
    { app: { permissions: { organization_custom_properties: 'write', repository_custom_properties: 'write' } } },
  );
});
afterAll(() => world.close());

const ofAlpha = '/repos/acme/alpha/properties/values';
const setting = (property_name: string, value: unknown) => ({ properties: [{ property_name, value }] });

describe('the properties of a repository', () => {
  test('are set and taken away by its administrator, and by the app', async () => {
    expect((await world.api('PATCH', ofAlpha, { body: setting('tier', 'one') })).status).toBe(204);
    const token = await world.installationToken();
    expect((await world.api('PATCH', ofAlpha, { token, body: setting('cost', 'low') })).status).toBe(204);
    expect((await world.api('GET', ofAlpha)).json).toEqual(
      expect.arrayContaining([
        { property_name: 'tier', value: 'one' },
        { property_name: 'cost', value: 'low' },
        { property_name: 'live', value: 'false' },
      ]),
    );
    await world.api('PATCH', ofAlpha, { body: setting('tier', null) });
    expect((await world.api('GET', ofAlpha)).text).not.toContain('tier');
  });

  test.each([
    ['nobody defined', 'unheard', 'x'],
    ['is a name of every object', 'constructor', 'x'],
    ['has other values', 'tier', 'three'],
    ['takes one value', 'tier', ['one']],
    ['takes several', 'teams', 'web'],
    ['has none such among several', 'teams', ['web', 'other']],
    ['is yes or no', 'live', 'maybe'],
    ['is an address', 'page', 'no address'],
    ['is too long', 'cost', 'x'.repeat(76)],
  ])('refuse one that %s', async (_, name, value) => {
    const answer = await world.api('PATCH', ofAlpha, { token: 'chief', body: setting(name, value) });
    expect(answer).toMatchObject({ status: 422, json: { message: 'Validation Failed' } });
    expect(answer.text).toContain(name);
  });

  test('that owners keep to themselves are refused to its administrator', async () => {
    expect((await world.api('PATCH', ofAlpha, { body: setting('cost', 'high') })).status).toBe(403);
    expect((await world.api('PATCH', ofAlpha, { token: 'chief', body: setting('cost', 'high') })).status).toBe(204);
  });

  test('are refused to who only reads, to a token without the permission, and in a repository of a person', async () => {
    expect((await world.api('PATCH', ofAlpha, { token: 'onlooker', body: setting('tier', 'one') })).status).toBe(404);
    const token = await world.installationToken({ permissions: { metadata: 'read' } });
    expect((await world.api('PATCH', ofAlpha, { token, body: setting('tier', 'one') })).status).toBe(403);
    expect((await world.api('GET', '/repos/octocat/own/properties/values')).status).toBe(404);
  });
});

describe('an organization', () => {
  const values = '/orgs/acme/properties/values';
  const both = { repository_names: ['alpha', 'beta'], ...setting('tier', 'two') };

  test('shows members and the app what it defines, and nobody else', async () => {
    const schema = '/orgs/acme/properties/schema';
    expect((await world.api('GET', schema)).json).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ property_name: 'tier', value_type: 'single_select', allowed_values: ['one', 'two'] }),
        expect.objectContaining({ property_name: 'teams', value_type: 'multi_select', allowed_values: ['web', 'api'] }),
      ]),
    );
    expect((await world.api('GET', schema, { token: await world.installationToken() })).status).toBe(200);
    const token = await world.installationToken({ permissions: { metadata: 'read' } });
    expect((await world.api('GET', schema, { token })).status).toBe(403);
    expect((await world.api('GET', schema, { token: '' })).status).toBe(401);
    expect((await world.api('GET', schema, { token: 'onlooker' })).status).toBe(404);
    expect((await world.api('GET', '/orgs/octocat/properties/schema')).status).toBe(404);
  });

  test('has its owners and the app set many repositories at once, or none of them', async () => {
    expect((await world.api('PATCH', values, { token: 'chief', body: both })).status).toBe(204);
    expect((await world.api('GET', '/repos/acme/beta/properties/values')).text).toContain('"two"');
    const wrong = { repository_names: ['alpha', 'gone'], ...setting('tier', 'one') };
    expect((await world.api('PATCH', values, { token: 'chief', body: wrong })).status).toBe(404);
    expect((await world.api('GET', ofAlpha)).text).toContain('"two"');
    expect((await world.api('PATCH', values, { body: both })).status).toBe(404);
    const many = { ...both, repository_names: Array.from({ length: 31 }, (_, index) => `r${index}`) };
    expect((await world.api('PATCH', values, { token: 'chief', body: many })).status).toBe(422);
    const none = { ...both, repository_names: [] };
    expect((await world.api('PATCH', values, { token: 'chief', body: none })).status).toBe(422);
    expect((await world.api('PATCH', values, { token: await world.installationToken(), body: both })).status).toBe(204);
  });
});
