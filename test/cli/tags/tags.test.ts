import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenGitHub, repositories, type World } from '../../local-github/given-github.ts';
import { fleet, givenFolder, givenGh } from './tags-command.ts';

let world: World;

beforeAll(async () => {
  const [api, web, shop, old, strange] = repositories(
    'service-api',
    'service-web',
    'shop',
    'service-old',
    'service-strange',
  );
  if (!(api && web && shop && old && strange)) throw new Error('five repositories');
  world = await givenGitHub([
    {
      login: 'acme',
      members: ['octocat'],
      custom_properties: {
        tier: {
          value_type: 'single_select',
          allowed_values: ['Gold', 'Silver'],
          values_editable_by: 'org_and_repo_actors',
        },
        cost: { value_type: 'string' },
      },
      repositories: [
        { ...api, topics: ['go'], custom_properties: { tier: 'Silver', teams: ['api', 'core'] } },
        web,
        shop,
        { ...old, archived: true },
        { ...strange, collaborators: { octocat: 'write' } },
        ...repositories(...Array.from({ length: 26 }, (_, index) => `many-${index}`)),
      ],
    },
  ]);
});
afterAll(() => world.close());

const topicsOf = async (name: string) => (await world.api('GET', `/repos/acme/${name}/topics`)).json;
const written = () => world.github.requests.count(({ method }) => method === 'PUT' || method === 'PATCH');

describe('fleet tags', () => {
  it('lists topics and custom properties, without what is archived', async () => {
    const { exitCode, stdout, stderr } = await fleet(world, ['tags', '--org', 'acme', '--match', 'service-*']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^acme\/service-api\tgo\t(?=.*tier=Silver)(?=.*teams=api\|core)/),
      'acme/service-strange\t\t',
      'acme/service-web\t\t',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '1 archived are left out.' });
  });

  it('lists named ones as JSON, and says which are not there', async () => {
    const { exitCode, stdout, stderr } = await fleet(world, ['tags', 'acme/service-api', 'acme/gone', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ repository: 'acme/service-api', topics: ['go'] }]);
    expect(stderr).toBe('acme/gone is not there, or your token may not see it.');
    expect(exitCode).toBe(1);
  });
});

describe('fleet tag', () => {
  it('plans without a change, writes, and writes nothing twice', async () => {
    const args = ['tag', 'platform:my-app', '--org', 'acme', '--match', 'service-{api,web,old}'];
    const before = written();
    const plan = await fleet(world, [...args, '--plan']);
    expect(plan.stdout).toBe(
      'acme/service-api\twould change\t+ platform-my-app\t\nacme/service-web\twould change\t+ platform-my-app\t',
    );
    expect(plan.stderr).toContain('Nothing was changed');
    expect(written()).toBe(before);

    const done = await fleet(world, args);
    expect(done).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('2 changed') });
    expect(await topicsOf('service-api')).toEqual({ names: ['go', 'platform-my-app'] });

    expect(await fleet(world, args)).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('2 unchanged') });
    expect(written()).toBe(before + 2);
    const away = await fleet(world, ['untag', 'platform:my-app', 'service-api', '--org', 'acme', '--json']);
    expect(JSON.parse(away.stdout)).toMatchObject({
      topic: 'platform-my-app',
      repositories: [{ repository: 'acme/service-api', outcome: 'changed', change: '- platform-my-app' }],
    });
    expect(await topicsOf('service-api')).toEqual({ names: ['go'] });
  });

  it('goes on where one fails, and names the permission', async () => {
    const { exitCode, stdout } = await fleet(world, [
      'tag',
      'one',
      'acme/service-strange',
      'acme/gone',
      'acme/service-old',
      'acme/shop',
    ]);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^acme\/service-strange\tfailed\t\tGitHub answered 40[34].*"Administration: write"/);
    expect(lines[1]).toBe('acme/gone\tfailed\t\tacme/gone is not there, or your token may not see it.');
    expect(lines[2]).toMatch(/^acme\/service-old\tfailed\t\tIt is archived/);
    expect(lines[3]).toBe('acme/shop\tchanged\t+ one\t');
    expect(exitCode).toBe(1);
  });

  it('writes a custom property as its organization spells it, in the repositories of a file', async () => {
    const folder = givenFolder({ 'repos.csv': 'team,repository\nA,acme/service-api\nB,service-web\n' });
    const file = join(folder, 'repos.csv');
    const { exitCode, stdout } = await fleet(world, [
      'tag',
      'tier:gold',
      '--property',
      '--repos-file',
      file,
      '--org',
      'acme',
    ]);
    expect(stdout).toBe(
      'acme/service-api\tchanged\ttier: Silver → Gold\t\nacme/service-web\tchanged\ttier: (none) → Gold\t',
    );
    expect(exitCode).toBe(0);
    const away = await fleet(world, ['untag', 'property:teams:api', '--repos-file', '-'], {
      input: 'acme/service-api\n',
    });
    expect(away.stdout).toBe('acme/service-api\tchanged\tteams: api, core → core\t');
    const other = await fleet(world, ['untag', 'tier:gold', 'acme/service-api']);
    expect(other.stdout).toContain('It still carries the tag as a custom property');
  });

  it('refuses what the organization does not define, and names who can', async () => {
    const undefinedOne = await fleet(world, ['tag', 'teir:gold', '--property', 'acme/shop']);
    expect(undefinedOne.stdout).toMatch(/acme defines no custom property `teir`.*`tier`.*owner/);
    const other = await fleet(world, ['tag', 'tier:bronze', '--property', 'acme/shop']);
    expect(other.stdout).toMatch(/takes `Gold`, `Silver`/);
    const kept = await fleet(world, ['tag', 'cost:high', '--property', 'acme/shop']);
    expect(kept.stdout).toMatch(/GitHub answered 403.*organization's to set/);
    expect([undefinedOne.exitCode, other.exitCode, kept.exitCode]).toEqual([1, 1, 1]);
  });

  it('asks before it changes more than 25 repositories', async () => {
    const before = written();
    const { exitCode, stderr } = await fleet(world, ['tag', 'one', '--org', 'acme', '--match', 'many-*']);
    expect(stderr).toBe('Write topic one in 26 repositories? Add --yes, or --plan to see first what would change.');
    expect(exitCode).toBe(1);
    expect(written()).toBe(before);
  });

  it.each([
    [['tag', 'c++', 'acme/shop'], /cannot be a topic.*--property/],
    [['tag', 'one'], /Say which repositories/],
    [['tag', 'one', '--match', '*'], /--match needs --org/],
    [['tag', 'one', 'acme/shop', '--match', '*', '--org', 'acme'], /one of them/],
    [['tag', 'one', 'shop'], /has no owner.*--org/],
    [['tag', 'one', '--org', 'nobody', '--match', '*'], /nobody is not there/],
    [['tag', 'one', '--repos-file', '/nowhere/x.txt'], /cannot be read/],
  ])('%j is told what is wrong', async (args, message) => {
    const { exitCode, stdout, stderr } = await fleet(world, args);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });
});

describe("the person's token", () => {
  it('is the one that gh keeps, where no variable has one', async () => {
    const gh = givenGh('octocat');
    const env = { GH_TOKEN: '', PATH: `${gh.folder}:${process.env.PATH}` };
    expect(await fleet(world, ['tags', 'acme/shop'], { env })).toMatchObject({ exitCode: 0 });
    expect(gh.asked()).toBe(`auth token --hostname ${new URL(world.github.url).host}`);
  });

  it("is never taken from an .env file, which could be somebody else's", async () => {
    const cwd = givenFolder({ '.env': 'GH_TOKEN=octocat\nGITHUB_TOKEN=octocat\nGHE_HOST=github.invalid\n' });
    const env = { GH_TOKEN: '', PATH: '/nowhere' };
    const { exitCode, stderr } = await fleet(world, ['tags', 'acme/shop'], { env, cwd });
    expect(stderr).toMatch(/^There is no token of yours for 127\.0\.0\.1:\d+\. Run `gh auth login --hostname /);
    expect(exitCode).toBe(1);
  });

  it('that GitHub does not know stops everything, and is shown nowhere', async () => {
    const env = { GH_TOKEN: 'ghp_unknownunknownunknownunknown' };
    const { exitCode, stdout, stderr } = await fleet(world, ['tag', 'one', 'acme/shop', 'acme/service-web'], { env });
    expect(stdout).toBe('acme/shop\tnot reached\t\t\nacme/service-web\tnot reached\t\t');
    expect(stderr).toMatch(/Stopped: GitHub answered 401.*gh auth status/);
    expect(`${stdout}${stderr}`).not.toContain('ghp_');
    expect(exitCode).toBe(1);
  });
});

it("docs/cli.md's examples do what they say", async () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'cli.md'), 'utf8');
  const block = /## Tags[\s\S]*?```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const lines = block.split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(5);
  const cwd = givenFolder({ 'repos.csv': 'repository\nacme/shop\nacme/service-web\n' });
  for (const line of lines) {
    // One repository of `service-*` is there that the person may not administer.
    const words = line.replaceAll("'service-*'", 'service-{api,web}').split(' ').slice(1);
    expect(await fleet(world, words, { cwd }), line).toMatchObject({ exitCode: 0 });
  }
});
