import { afterAll, beforeAll, expect, test } from 'vitest';
import { RequestLog } from '../../src/local-github/request-log.ts';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
});
afterAll(() => world.close());

const route = 'POST /repos/{owner}/{repo}/issues';
const post = (token: string, title: string) =>
  world.api('POST', '/repos/acme/alpha/issues', { token, body: { title } });
const newest = () => world.github.requests.all(route).at(-1);

test('a body is kept once it is known who sent it, and not what nobody or a wrong token sent', async () => {
  await post('octocat', 'Known');
  expect(newest()).toMatchObject({ actor: 'octocat', status: 201, body: { title: 'Known' } });
  await post('', 'Nobody');
  expect(newest()).toMatchObject({ actor: 'anonymous', status: 401, body: undefined });
  await post('wrong', 'Wrong');
  expect(newest()).toMatchObject({ actor: 'anonymous', status: 401, body: undefined });
});

test('a body above 64 KiB is not kept, but its request is counted', async () => {
  const before = world.github.requests.count(route);
  await post('octocat', 'x'.repeat(65 * 1024));
  expect(world.github.requests.count(route)).toBe(before + 1);
  expect(newest()).toMatchObject({ actor: 'octocat', body: undefined });
});

test('the log keeps the newest 10,000 requests', () => {
  const log = new RequestLog();
  const entry = { method: 'GET', route: 'GET /', query: {}, body: undefined, status: 200, actor: 'anonymous', at: 0 };
  for (let number = 1; number <= 10_003; number += 1) log.add({ ...entry, path: `/${number}` });
  expect(log.count()).toBe(10_000);
  expect([log.all()[0]?.path, log.all().at(-1)?.path]).toEqual(['/4', '/10003']);
});
