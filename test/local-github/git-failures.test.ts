import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('api') }]);
});
beforeEach(() => world.github.requests.clear());
afterAll(() => world.close());

const BASIC = Buffer.from('x-access-token:octocat').toString('base64');
/** One that says at once who asks, and is as patient as one second. */
const git = (...args: string[]) =>
  world.git(
    ...['-c', `http.extraHeader=Authorization: Basic ${BASIC}`],
    ...['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=1', ...args],
  );
const address = () => `${world.github.url}/acme/api.git`;
const lookAtMain = () => git('ls-remote', address(), 'refs/heads/main');
const statuses = (route: string) => world.github.requests.all(route).map(({ status }) => status);

describe.each(['GET git-info-refs', 'POST git-upload-pack'])('%s fails as scripted:', (route) => {
  test.each([
    ['before', /returned error: 502/, 502],
    ['after', /returned error: 502/, 502],
    ['timeout', /too slow/i, 0],
    ['reset', /transfer closed|unexpected disconnect|early eof/i, 200],
  ] as const)('%s', async (mode, said, status) => {
    world.github.failures.next({ route, mode });
    await expect(lookAtMain()).rejects.toThrow(said);
    expect(statuses(route)).toEqual([status]);
    expect(await lookAtMain()).toMatch(/refs\/heads\/main$/);
  });

  test('later: it is cut at once', async () => {
    // git asks again by itself where a connection that it had used before breaks.
    world.github.failures.next({ route, mode: 'later', times: 2 });
    await expect(lookAtMain()).rejects.toThrow();
    await world.github.failures.land();
    world.github.failures.clear();
    expect(await lookAtMain()).toMatch(/refs\/heads\/main$/);
  });

  test('held: it is answered when it lands', async () => {
    world.github.failures.next({ route, mode: 'held' });
    const looked = lookAtMain();
    await expect.poll(() => world.github.failures.holding).toBe(1);
    await world.github.failures.land();
    expect(await looked).toMatch(/refs\/heads\/main$/);
    expect(statuses(route)).toEqual([200]);
  });
});

test('a clone whose pack breaks off in the middle has nothing', async () => {
  const route = 'POST git-upload-pack';
  world.github.failures.next({ route, mode: 'held' });
  const cloned = git('clone', '-q', address(), 'broken');
  await expect.poll(() => world.github.failures.holding).toBe(1);
  // The first asks which refs there are, the second for the pack.
  world.github.failures.next({ route, mode: 'reset' });
  await world.github.failures.land();
  await expect(cloned).rejects.toThrow(/early eof|unexpected disconnect|invalid index-pack/i);
  expect(statuses(route)).toEqual([200, 200]);
});
