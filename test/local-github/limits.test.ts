import { afterEach, expect, test } from 'vitest';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

afterEach(() => world.close());

test('content creation beyond 80 a minute is a secondary limit with retry-after', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const limits = { contentPerMinute: 3, contentPerHour: 4 };
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }], { now: () => now, limits });
  const post = () => world.api('POST', '/repos/acme/alpha/issues', { body: { title: 'x' } });
  for (let count = 0; count < 3; count += 1) expect((await post()).status).toBe(201);
  now += 20_000;
  const refused = await post();
  expect(refused).toMatchObject({ status: 403, json: { message: expect.stringContaining('secondary rate limit') } });
  expect(refused.headers.get('retry-after')).toBe('40');
  now += 40_000;
  expect((await post()).status).toBe(201);
  now += 60_000;
  expect(Number((await post()).headers.get('retry-after'))).toBe(3600 - 120);
});

test('the hourly limit ends in 403 with remaining 0 and comes back', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }], {
    now: () => now,
    limits: { core: 2 },
  });
  const get = () => world.api('GET', '/repos/acme/alpha');
  await get();
  await get();
  const refused = await get();
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(Number(refused.headers.get('x-ratelimit-reset'))).toBe(now / 1000 + 3600);
  now += 3_600_001;
  expect((await get()).status).toBe(200);
});

test('what git is refused with is plain text, also where the script names it as the API does', async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
  const limit = { mode: 'status', status: 429, headers: { 'retry-after': '7' } } as const;
  world.github.failures.next({ route: 'GET git-info-refs', ...limit, body: { message: 'Slow down.' } });
  world.github.failures.next({ route: 'POST git-upload-pack', ...limit, body: 'Slow down.' });
  const asked = [
    await fetch(`${world.github.url}/acme/alpha.git/info/refs?service=git-upload-pack`),
    await fetch(`${world.github.url}/acme/alpha.git/git-upload-pack`, { method: 'POST' }),
  ];
  for (const answer of asked) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
    expect(answer.headers.get('content-type')).toMatch('text/plain');
    expect(await answer.text()).toBe('Slow down.');
  }
});
