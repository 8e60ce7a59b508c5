import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/local-github/failure.ts';
import type { World } from '../world.ts';
import { asked, askedInAll, ends, HOUR, MINUTE, openTroubledWorld, pass, SECOND } from './troubled.ts';

/** GitHub's limits: nothing is asked before they end, and what met one is asked once more. */

const COMMENTS = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const SECONDARY = {
  mode: 'status',
  headers: { 'retry-after': '120' },
  body: {
    message: 'You have exceeded a secondary rate limit and have been temporarily blocked from content creation.',
  },
} as const;

const PRIMARY = {
  mode: 'status',
  status: 403,
  headers: {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Date.UTC(2026, 4, 4, 9, 2, 0) / 1000),
  },
  body: { message: 'API rate limit exceeded for installation ID 50000001.' },
} as const;

/** The limit lasts two minutes, in which nothing is asked; a minute after it all is done. */
async function expectPatience(world: World): Promise<void> {
  const before = askedInAll(world);
  world.clock.move(110 * SECOND);
  await world.settle();
  expect(askedInAll(world) - before, 'requests within the limit').toBe(0);
  expect((await world.fleet()).endedAt).toBeNull();
  world.clock.move(11 * SECOND);
  await pass(world, { atMost: MINUTE });
  expect(await ends(world)).toEqual(['changed']);
  expect(await world.pulls('one')).toHaveLength(1);
}

it.each([
  { name: '403 secondary', limit: { ...SECONDARY, status: 403 } },
  { name: '429 secondary', limit: { ...SECONDARY, status: 429 } },
  { name: '403 primary', limit: PRIMARY },
] as const)('a pull request that meets $name is sent when the limit ends, and once', async ({ limit }) => {
  const route = 'POST /repos/{owner}/{repo}/pulls';
  const world = await openTroubledWorld(['one']);
  world.github.failures.next({ route, ...limit });
  await world.comment('mona', '/fleet bump version=2.0');
  await expectPatience(world);
  expect(asked(world, route)).toBe(2);
  expect(asked(world, 'GET /repos/{owner}/{repo}/pulls'), 'a request over the limit never happened').toBe(0);
  expect(asked(world, 'POST git-receive-pack')).toBe(1);
});

it.each([
  { route: 'POST /repos/{owner}/{repo}/issues' },
  { route: COMMENTS, path: '/issues/1/', userAgent: 'flotilla' },
  { route: 'POST /graphql' },
] satisfies Omit<Failure, 'mode'>[])(
  '$route that meets 429 is asked for again when the limit ends',
  async (failure) => {
    const world = await openTroubledWorld(['one']);
    // The plan is made by REST, so that the task's query is the one that meets it.
    if (failure.route === 'POST /graphql') world.github.failures.next({ ...failure, mode: 'before', times: 3 });
    world.github.failures.next({ ...failure, ...SECONDARY, status: 429 });
    await world.comment('mona', '/fleet bump version=2.0');
    await expectPatience(world);
    await pass(world, { step: MINUTE });
    expect(await ends(world)).toEqual(['changed']);
    expect(await world.trackingIssues()).toHaveLength(1);
    expect(await world.pulls('one')).toHaveLength(1);
  },
);

/** What git asks for a task, and how often in all when one of them meets a limit: a request follows its refs. */
const GIT_REQUESTS = [
  { of: 'refs to fetch', route: 'GET git-info-refs', path: 'service=git-upload-pack', inAll: [2, 1, 1, 1] },
  { of: 'a fetch', route: 'POST git-upload-pack', path: '', inAll: [2, 2, 1, 1] },
  { of: 'refs to push', route: 'GET git-info-refs', path: 'service=git-receive-pack', inAll: [1, 1, 2, 1] },
  { of: 'a push', route: 'POST git-receive-pack', path: '', inAll: [1, 1, 2, 2] },
] as const;

const askedByGit = (world: World): number[] =>
  GIT_REQUESTS.map(({ route, path }) =>
    world.github.requests.count(
      (request) => request.route === route && `service=${request.query.service}`.includes(path),
    ),
  );

describe.each([
  { name: '403 secondary', limit: { ...SECONDARY, status: 403 } },
  { name: '429 secondary', limit: { ...SECONDARY, status: 429 } },
  { name: '403 primary', limit: PRIMARY },
] as const)("git's own request", ({ name, limit }) => {
  it.each(GIT_REQUESTS)(`for $of that meets ${name} is made again when the limit ends`, async (request) => {
    const world = await openTroubledWorld(['one']);
    const { route, path, inAll } = request;
    world.github.failures.next({ route, path, ...limit });
    await world.comment('mona', '/fleet bump version=2.0');
    await expectPatience(world);
    expect(askedByGit(world)).toEqual(inAll);
    expect(asked(world, 'POST /repos/{owner}/{repo}/pulls')).toBe(1);
  });
});

it("while one task waits for a limit that its git met, the installation's next one does not begin", async () => {
  const world = await openTroubledWorld(['one', 'two'], { more: '' });
  world.github.failures.next({ route: 'POST git-upload-pack', ...SECONDARY, status: 403 });
  await world.comment('mona', '/fleet bump version=2.0');
  const before = askedInAll(world);
  world.clock.move(110 * SECOND);
  await world.settle();
  expect(askedInAll(world) - before, 'requests within the limit').toBe(0);
  expect((await world.tasks()).map(({ status }) => status)).toEqual(['queued', 'queued']);
  await pass(world, { step: MINUTE });
  expect(await ends(world)).toEqual(['changed', 'changed']);
});

it("git's 403 that is no limit ends the task", async () => {
  const world = await openTroubledWorld(['one']);
  const body = 'Write access to repository not granted.';
  world.github.failures.next({ route: 'POST git-receive-pack', mode: 'status', status: 403, body });
  await world.comment('mona', '/fleet bump version=2.0');
  await pass(world);
  expect(await ends(world)).toEqual(['failed/permission']);
});

it('with all requests of the hour used up, nothing is asked until the hour is over', async () => {
  const world = await openTroubledWorld(['one', 'two']);
  await world.comment('mona', '/fleet bump version=2.0 --plan');
  await world.say('mona', `/fleet approve ${(await world.fleet()).id}`);
  const { limits } = world.github.context;
  const { used } = limits.status(`installation ID ${world.installationId}`, 'core');
  limits.configure({ core: used + 12 });
  await world.settle();
  const refused = () => world.github.requests.count(({ status }) => status === 403);
  expect(refused(), 'what was under way when it ended').toBeGreaterThan(0);
  expect(refused()).toBeLessThanOrEqual(3);
  const before = askedInAll(world);
  world.clock.move(50 * MINUTE);
  await world.settle();
  expect(askedInAll(world) - before).toBe(0);
  limits.configure({ core: 5_000 });
  world.clock.move(HOUR - 50 * MINUTE);
  await pass(world, { step: MINUTE });
  expect(await ends(world)).toEqual(['changed', 'changed']);
});
