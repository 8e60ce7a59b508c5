import { expect, it } from 'vitest';
import { z } from 'zod';
import type { World } from '../world.ts';
import { asked, BRANCH, ends, expectAsked, fairWeather, MINUTE, openTroubledWorld, pass, SECOND } from './troubled.ts';

/** Every creation of one fleet meets the same trouble: what is there at the end, and how often it was asked for. */

const ISSUES = '/repos/{owner}/{repo}/issues';
const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const PULLS = '/repos/{owner}/{repo}/pulls';
const PUSH = 'POST git-receive-pack';
const INFO_REFS = 'GET git-info-refs';
const FETCH = 'POST git-upload-pack';

type Mode = 'before' | 'after' | 'reset' | 'timeout' | 'later';

/** The tracking issue, the reply to the command, the pull request and the comment at the end. */
function everyCreation(world: World, mode: Mode): void {
  const { failures } = world.github;
  failures.next({ route: `POST ${ISSUES}`, mode });
  failures.next({ route: `POST ${COMMENTS}`, path: '/issues/1/', userAgent: 'flotilla', mode });
  failures.next({ route: `POST ${PULLS}`, mode });
  failures.next({ route: `POST ${COMMENTS}`, path: '/issues/2/', mode });
}

/** How often each was sent and looked for; `tracking`: the number of the tracking issue. */
const count = (world: World, tracking = 2) => ({
  issue: [asked(world, `POST ${ISSUES}`), asked(world, `GET ${ISSUES}`)],
  reply: [
    asked(world, `POST ${COMMENTS}`, '/issues/1/comments'),
    asked(world, `GET ${COMMENTS}`, '/issues/1/comments'),
  ],
  pull: [asked(world, `POST ${PULLS}`), asked(world, `GET ${PULLS}`)],
  final: [
    asked(world, `POST ${COMMENTS}`, `/issues/${tracking}/comments`),
    asked(world, `GET ${COMMENTS}`, `/issues/${tracking}/comments`),
  ],
});

const branches = async (world: World) =>
  z.array(z.object({ name: z.string() })).parse(await world.api('mona', 'GET', '/repos/acme/one/branches'));

/** What people find, whatever happened on the way. */
async function expectOneOfEach(world: World): Promise<void> {
  expect(await ends(world)).toEqual(['changed']);
  expect(await world.trackingIssues()).toMatchObject([{ number: 2, state: 'closed' }]);
  expect(await world.answers(1)).toHaveLength(1);
  expect(await world.answers(2)).toHaveLength(1);
  expect(await world.pulls('one')).toMatchObject([{ state: 'open', head: { ref: BRANCH } }]);
  expect((await branches(world)).map(({ name }) => name)).toEqual([BRANCH, 'main']);
}

it('in fair weather everything is asked for once and nothing is looked for', async () => {
  const world = await openTroubledWorld(['one']);
  await world.comment('mona', '/fleet bump version=2.0');
  expect(await pass(world)).toBe(0);
  const repository = 'GET /repos/{owner}/{repo}';
  expect(asked(world, repository, '/repos/acme/platform'), 'once for the plan').toBe(1);
  expect(asked(world, repository, '/repos/acme/one')).toBe(0);
  expect(asked(world, 'POST /graphql'), 'once for the plan, and once for the task').toBe(2);
  expect(count(world)).toEqual({ issue: [1, 0], reply: [1, 0], pull: [1, 0], final: [1, 0] });
  expect(asked(world, PUSH)).toBe(1);
  expectAsked(world, fairWeather(1));
  await expectOneOfEach(world);
});

it.each(['after', 'reset', 'timeout'] as const)(
  'with the effect and no answer (%s), each is found by one look and sent once',
  async (mode) => {
    const world = await openTroubledWorld(['one'], { requestTimeoutMs: 1_000 });
    everyCreation(world, mode);
    await world.comment('mona', '/fleet bump version=2.0');
    await pass(world);
    await expectOneOfEach(world);
    expect(count(world)).toEqual({ issue: [1, 1], reply: [1, 1], pull: [1, 1], final: [1, 1] });
  },
);

it('with 502 and no effect, each is sent again after two looks, and at the end looked for once more', async () => {
  const world = await openTroubledWorld(['one']);
  everyCreation(world, 'before');
  await world.comment('mona', '/fleet bump version=2.0');
  await pass(world);
  await expectOneOfEach(world);
  expect(count(world)).toEqual({ issue: [2, 3], reply: [2, 3], pull: [2, 2], final: [2, 3] });
});

it('with an effect that lands seconds after the connection was cut, each is found by one look', async () => {
  const world = await openTroubledWorld(['one']);
  everyCreation(world, 'later');
  await world.comment('mona', '/fleet bump version=2.0');
  await pass(world, { step: 10 * SECOND, meanwhile: () => world.github.failures.land() });
  await expectOneOfEach(world);
  expect(count(world)).toEqual({ issue: [1, 1], reply: [1, 1], pull: [1, 1], final: [1, 1] });
});

it('with an issue that lands after it was sent again, the extra one is closed', async () => {
  const world = await openTroubledWorld(['one']);
  const { failures } = world.github;
  failures.next({ route: `POST ${ISSUES}`, mode: 'later' });
  failures.next({ route: `POST ${COMMENTS}`, path: '/issues/1/', userAgent: 'flotilla', mode: 'later' });
  await world.comment('mona', '/fleet bump version=2.0');
  await pass(world, { meanwhile: async (passed) => (passed === 60 * SECOND ? failures.land() : undefined) });
  expect(await ends(world)).toEqual(['changed']);
  expect(await world.trackingIssues()).toMatchObject([
    { state: 'closed', body: expect.stringContaining('Completed') },
    { state: 'closed', body: expect.stringContaining('Made twice by mistake') },
  ]);
  expect(count(world)).toEqual({ issue: [2, 3], reply: [1, 1], pull: [1, 0], final: [1, 0] });
});

it('with a pull request that lands after it was sent again, GitHub refuses the second', async () => {
  const world = await openTroubledWorld(['one']);
  const { failures } = world.github;
  failures.next({ route: `POST ${PULLS}`, mode: 'later' });
  await world.comment('mona', '/fleet bump version=2.0');
  await pass(world);
  await failures.land();
  await expectOneOfEach(world);
  expect(count(world)).toEqual({ issue: [1, 0], reply: [1, 0], pull: [2, 2], final: [1, 0] });
});

it('with lists that are stale at both looks, the first issue and comment do not count', async () => {
  const world = await openTroubledWorld(['one']);
  const { failures } = world.github;
  for (const [route, path] of [
    [ISSUES, ''],
    [COMMENTS, '/issues/1/'],
    [PULLS, ''],
  ] as const) {
    failures.next({ route: `POST ${route}`, path, userAgent: 'flotilla', mode: 'after' });
    failures.next({
      route: `GET ${route}`,
      path,
      userAgent: 'flotilla',
      mode: 'stale',
      times: 2,
    });
  }
  await world.comment('mona', '/fleet bump version=2.0');
  await pass(world);
  expect(await ends(world)).toEqual(['changed']);
  const TWICE = 'Made twice by mistake';
  expect(await world.trackingIssues()).toMatchObject([
    { number: 2, state: 'closed', body: expect.stringContaining(TWICE) },
    { number: 3, state: 'closed', body: expect.stringContaining('Completed') },
  ]);
  const replies = (await world.answers(1)).filter((text) => !text.includes(TWICE));
  expect(replies).toEqual([expect.stringContaining('/acme/platform/issues/3')]);
  expect(await world.answers(2), 'the extra issue').toEqual([]);
  expect(await world.answers(3)).toEqual([expect.stringContaining('**Completed**')]);
  expect(count(world, 3), 'of a pull request GitHub itself knows that it is there').toEqual({
    issue: [2, 3],
    reply: [2, 3],
    pull: [2, 3],
    final: [1, 0],
  });
  expect(asked(world, `POST ${COMMENTS}`), 'the reply twice, and the comment at the end').toBe(3);
  expect(await world.pulls('one')).toHaveLength(1);
});

/** One look at the branch and at its pull requests; the issue tells that the task waits, and what it will link to is asked anew. */
const LOOKED = {
  'GET /repos/{owner}/{repo}/git/ref/{ref}': 1,
  [`GET ${PULLS}`]: 1,
  'GET /repos/{owner}/{repo}': 2,
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': 4,
};

it.each([
  { mode: 'after', times: 1, more: LOOKED },
  { mode: 'before', times: 1, more: { ...LOOKED, [PUSH]: 2, [INFO_REFS]: 3 } },
  // git itself tries once more on a new connection, is told that the branch is there, and looks where it is.
  { mode: 'reset', times: 1, more: { [PUSH]: 2, [INFO_REFS]: 3, [FETCH]: 2 } },
  { mode: 'reset', times: 2, more: { ...LOOKED, [PUSH]: 2 } },
  // Here the second one comes first.
  { mode: 'later', times: 1, more: { [PUSH]: 2 } },
  { mode: 'later', times: 2, more: { ...LOOKED, [PUSH]: 2 } },
] as const)('a push that fails $mode ($times) is there once, by one look at most', async ({ mode, times, more }) => {
  const world = await openTroubledWorld(['one']);
  world.github.failures.next({ route: PUSH, mode, times });
  await world.comment('mona', '/fleet bump version=2.0');
  await pass(world, { meanwhile: () => world.github.failures.land() });
  await expectOneOfEach(world);
  expectAsked(world, fairWeather(1), more);
  const events = await world.store.read.events.ofFleet((await world.fleet()).id);
  expect(events.filter(({ event }) => event.type === 'node_started')).toHaveLength(1);
});

/** The next comment on that issue is there without an answer, both looks for it find nothing, and so it is made again. */
function doubled(world: World, issue: number): void {
  const { failures } = world.github;
  const of = { path: `/issues/${issue}/`, userAgent: 'flotilla' };
  failures.next({ route: `POST ${COMMENTS}`, ...of, mode: 'after' });
  failures.next({ route: `GET ${COMMENTS}`, ...of, mode: 'stale', times: 2 });
}

async function tickApprove(world: World): Promise<void> {
  const { body } = await world.issue(2);
  const ticked = body?.replace('- [ ] **Approve**', '- [x] **Approve**');
  await world.api('mona', 'PATCH', '/repos/acme/platform/issues/2', { body: ticked });
}

const say = (text: string) => (world: World) => world.say('mona', text);
const PLAN = '/fleet plan bump version=2.0';
const RUN = '/fleet bump version=2.0';

it.each<{
  what: string;
  given: string;
  ended?: boolean;
  issue: number;
  act: (world: World) => Promise<unknown>;
  text: RegExp;
}>([
  { what: 'reply to a verb', given: PLAN, issue: 1, act: say('/fleet approve'), text: /Approved/ },
  { what: 'reply to a ticked box', given: PLAN, issue: 2, act: tickApprove, text: /Approved/ },
  { what: 'reply to the same command', given: PLAN, issue: 1, act: say(RUN), text: /already/i },
  { what: 'reply after the end', given: RUN, ended: true, issue: 1, act: say('/fleet status'), text: /Completed/ },
  {
    what: 'refusal of a verb',
    given: RUN,
    ended: true,
    issue: 1,
    act: say('/fleet cancel'),
    text: /has ended already/,
  },
  { what: 'comment at the end', given: RUN, issue: 2, act: say('/fleet approve'), text: /Completed/ },
])(
  'a $what that was made twice, as lists were stale, is there once when all is told',
  async ({ given, ended, issue, act, text }) => {
    // Held between its waves: a newer comment would show that a list is stale.
    const inWaves = 'rollout: { canary: 1, waves: [100%], approve: canary }';
    const world = await openTroubledWorld(['one', 'two'], { more: inWaves });
    const goOn = async () => {
      if ((await world.fleet()).endedAt === null) await world.comment('mona', '/fleet approve');
    };
    await world.comment('mona', given);
    if (ended) await goOn();
    const before = asked(world, `POST ${COMMENTS}`, `/issues/${issue}/comments`);
    doubled(world, issue);
    await act(world);
    for (let passed = 0; passed <= 4 * MINUTE; passed += 10 * SECOND) {
      await world.settle();
      if (passed === 2 * MINUTE || passed === 3 * MINUTE) await goOn();
      world.clock.move(10 * SECOND);
    }
    expect(asked(world, `POST ${COMMENTS}`, `/issues/${issue}/comments`)).toBeGreaterThanOrEqual(before + 2);
    expect((await world.answers(issue)).filter((answer) => text.test(answer))).toHaveLength(1);
    expect(await ends(world)).toEqual(['changed', 'changed']);
    const fleet = await world.fleet();
    expect(fleet.reportedSeq).toBe(fleet.eventSeq);
    const log = (await world.store.read.events.ofFleet(fleet.id)).map(({ event }) => event);
    expect(log.filter((event) => event.type === 'effect_done' && event.effect === 'comment_deletion')).toHaveLength(1);
  },
);
