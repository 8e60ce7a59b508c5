import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dieBeforeTheAnswer } from './die-before-the-answer.ts';
import { workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What people do with a fleet that did not complete, or that has to stand still for a while. */

const DAY = 24 * 60 * 60_000;
const BUMP = `
name: bump
services: [{ tag: app }]
parallel: true
nodes:
  - id: write
    bash: test ! -e broken && cat base > VERSION
`;
/** Each attempt waits in its first node, one after the other. */
const SLOW = `
name: bump
services: [{ tag: app }]
nodes:
  - id: wait
    bash: 'touch "$HOME/arrived"; while test ! -e "$HOME/go"; do sleep 0.05; done; echo 2.0 > VERSION'
`;
const THEN_TEST = `${SLOW}  - { id: beside, bash: 'while test ! -e "$HOME/end"; do sleep 0.05; done' }
  - { id: test, bash: echo tested >> VERSION, depends_on: [wait] }
`;

const good = (name: string) => ({ name, topics: ['app'], files: { base: '2.0\n' } });
const broken = (name: string) => ({ name, topics: ['app'], files: { base: '2.0\n', broken: '' } });

async function given(workflow: string, repositories: NonNullable<WorldOptions['repositories']>): Promise<World> {
  return openWorld({ platform: { files: workflowFiles({ bump: workflow }) }, repositories });
}

const states = async (world: World) => (await world.tasks()).map(({ status, outcome }) => outcome ?? status);
const issueNumber = async (world: World) => (await world.trackingIssues())[0]?.number ?? 0;
const issue = async (world: World) => world.issue(await issueNumber(world));

async function events(world: World): Promise<string[]> {
  return (await world.store.read.events.ofFleet((await world.fleet()).id)).map(({ event }) => event.type);
}

/** On the first fleet's tracking issue, a second after all that has happened. Returns what the app said next. */
async function say(world: World, command: string): Promise<string> {
  world.clock.move(1_000);
  const number = await issueNumber(world);
  const before = (await world.answers(number)).length;
  await world.comment('mona', command, { issue: number });
  return (await world.answers(number)).slice(before).join('\n');
}

async function mend(world: World, repository: string): Promise<void> {
  const path = `/repos/acme/${repository}/contents/broken`;
  const { sha } = z.object({ sha: z.string() }).parse(await world.api('mona', 'GET', path));
  await world.api('mona', 'DELETE', path, { message: 'Mend', sha });
}

describe('a retry', () => {
  it('runs the workflow again where it failed, of one repository or all, until the fleet has completed', async () => {
    const world = await given(BUMP, [good('a'), broken('b'), broken('c')]);
    await world.comment('mona', '/fleet bump');
    expect(await states(world)).toEqual(['changed', 'failed', 'failed']);
    expect((await issue(world)).body).toContain('`/fleet retry` runs the workflow again where it failed');
    const number = await issueNumber(world);

    const other = await say(world, '/fleet retry a');
    expect(other).toContain('These did: acme/b, acme/c.');
    await mend(world, 'b');
    dieBeforeTheAnswer(world);
    await say(world, '/fleet retry b');
    world.clock.move(6_000);
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'changed', 'failed']);
    expect(
      (await world.tasks()).map(({ attempt }) => attempt),
      'once, though the answer was lost',
    ).toEqual([1, 2, 1]);
    const told = (await world.answers(number)).join('\n');
    expect(told).toContain('runs its workflow again, from a fresh clone, in 1 repository: acme/b.');
    expect((await issue(world)).state).toBe('open');

    await mend(world, 'c');
    await say(world, '/fleet retry');
    expect(await states(world)).toEqual(['changed', 'changed', 'changed']);
    expect(await world.file('c', 'VERSION', 'fleet/bump')).toBe('2.0\n');
    expect((await issue(world)).state).toBe('closed');
    expect((await events(world)).filter((type) => /^fleet_(ended|reopened)$/.test(type))).toEqual([
      'fleet_ended',
      'fleet_reopened',
      'fleet_ended',
      'fleet_reopened',
      'fleet_ended',
    ]);
    const ends = (await world.answers(number)).filter((text) => /\*\*(Completed|Partly completed|Partial)/.test(text));
    expect(ends, 'one comment at each end').toHaveLength(3);
    expect((await world.fleets()).length).toBe(1);

    expect(await say(world, '/fleet retry')).toContain('failed or was cancelled');
    await world.comment('mona', '/fleet bump');
    expect(await say(world, '/fleet retry'), 'the newer fleet goes on').toMatch(/superseded by \[f-\w+\]\(/);
  });

  it('runs the workflow as the plan froze it, though its file was changed since', async () => {
    const world = await given(BUMP, [broken('a')]);
    await world.comment('mona', '/fleet bump');
    expect(await states(world)).toEqual(['failed']);
    await mend(world, 'a');
    const path = '.github/fleet/bump.yml';
    await world.commit('mona', 'platform', path, BUMP.replace('cat base', 'echo 9.9'), 'main');
    await say(world, '/fleet retry');
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 2 }]);
    expect(await world.file('a', 'VERSION', 'fleet/bump')).toBe('2.0\n');

    await world.comment('mona', '/fleet bump');
    expect(await world.file('a', 'VERSION', 'fleet/bump'), 'a new fleet takes the new one').toBe('9.9\n');
  });

  it('of a cancelled fleet opens its issue again, asks for approval as the rollout says, and not beside another fleet', async () => {
    const rollout = BUMP.replace('parallel: true', 'parallel: true\nrollout: { canary: 1, approve: canary }');
    const world = await given(rollout, [good('one'), good('two')]);
    await world.comment('mona', '/fleet bump');
    await say(world, '/fleet cancel');
    expect(await states(world)).toEqual(['changed', 'cancelled']);
    await world.api('mona', 'PATCH', `/repos/acme/platform/issues/${await issueNumber(world)}`, { state: 'closed' });

    await world.comment('mona', '/fleet plan bump');
    const beside = await say(world, '/fleet retry');
    expect(beside).toMatch(/is under way as fleet \[f-\w+\]\(/);
    await world.comment('mona', `/fleet cancel ${(await world.fleet()).id}`);
    expect(await say(world, `/fleet retry ${(await world.fleet()).id}`)).toContain('was never approved');

    const [first] = await world.fleets();
    await say(world, '/fleet retry');
    expect((await world.tasks(first)).map(({ status }) => status)).toEqual(['completed', 'queued']);
    const held = await issue(world);
    expect([held.state, held.body]).toEqual(['open', expect.stringContaining('**The canary is done:**')]);
    expect(await world.pulls('two')).toEqual([]);

    expect(await say(world, '/fleet approve')).toContain('goes on with wave 1 (1 repository)');
    expect((await world.tasks(first)).map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
    expect((await issue(world)).state).toBe('closed');
  });
});

/** Somebody says something while the first task's node runs; then the node ends, and what follows happens. */
async function whileItRuns(
  world: World,
  command: string,
  meanwhile: () => Promise<boolean>,
  then: (home: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const settled = world.settle();
  const home = async () => join((await world.tasks())[0]?.workspace ?? '', 'home');
  await expect.poll(async () => existsSync(join(await home(), 'arrived')), { timeout: 20_000 }).toBe(true);
  await world.say('mona', command, { issue: await issueNumber(world) });
  await expect.poll(meanwhile, { timeout: 20_000 }).toBe(true);
  writeFileSync(join(await home(), 'go'), '');
  await then(await home());
  await settled;
  await world.settle();
}

const isPaused = (world: World) => async () => (await world.fleet()).pausedAt !== null;
const nodesStarted = async (world: World) => (await events(world)).filter((type) => type === 'node_started').length;

describe('a pause', () => {
  it('lets the nodes that run finish and starts nothing more, and the task goes on after it when resumed', async () => {
    const world = await given(THEN_TEST, [good('one'), good('two')]);
    await world.say('mona', '/fleet bump');
    await whileItRuns(world, '/fleet pause', isPaused(world), async (home) => {
      await expect.poll(() => events(world), { timeout: 20_000 }).toContain('node_ended');
      writeFileSync(join(home, 'end'), '');
    });
    const [one, two] = await world.tasks();
    expect([one?.status, two?.status]).toEqual(['queued', 'queued']);
    expect(one?.journal?.nodes).toEqual(['wait', 'beside']);
    expect(await nodesStarted(world), 'test waits').toBe(2);
    expect(await world.pulls('one')).toEqual([]);
    const told = await issue(world);
    expect(told.body).toContain('**Paused** by [mona]');
    expect(told.body).toContain('| 🕓 paused |');
    expect((await world.answers(await issueNumber(world))).at(-1)).toContain('In 1 repository the node that runs');
    expect(await say(world, '/fleet pause')).toContain('is paused already');
    expect(await say(world, '/fleet status')).toContain('`/fleet resume` goes on');

    world.clock.move(1_000);
    await world.say('mona', '/fleet resume', { issue: await issueNumber(world) });
    const settled = world.settle();
    const second = async () => join((await world.tasks())[1]?.workspace ?? '', 'home');
    await expect.poll(async () => existsSync(join(await second(), 'arrived')), { timeout: 20_000 }).toBe(true);
    for (const file of ['go', 'end']) writeFileSync(join(await second(), file), '');
    await settled;
    await world.settle();
    expect((await world.tasks()).map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['changed', 1],
      ['changed', 1],
    ]);
    expect(await nodesStarted(world), 'no node twice').toBe(6);
    expect(await world.file('one', 'VERSION', 'fleet/bump')).toBe('2.0\ntested\n');
    expect(await say(world, '/fleet resume')).toContain('has ended already');
  });

  it('holds the push, which comes when the fleet is resumed', async () => {
    const world = await given(SLOW, [good('one')]);
    await world.say('mona', '/fleet bump');
    await whileItRuns(world, '/fleet pause', isPaused(world));
    expect(await states(world)).toEqual(['queued']);
    expect(await world.file('one', 'VERSION', 'fleet/bump')).toBeUndefined();
    dieBeforeTheAnswer(world);
    await say(world, '/fleet resume');
    world.clock.move(6_000);
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 1 }]);
    expect(await nodesStarted(world)).toBe(1);
    expect((await world.answers(await issueNumber(world))).join('\n')).toContain('goes on where it was paused');
    expect((await events(world)).filter((type) => /paused|resumed/.test(type))).toEqual([
      'fleet_paused',
      'fleet_resumed',
      'task_resumed',
    ]);
  });

  it('ends with a cancel, or by itself when nobody comes within 7 days; a plan cannot be paused', async () => {
    const world = await given(SLOW, [good('one')]);
    await world.comment('mona', '/fleet plan bump');
    expect(await say(world, '/fleet pause')).toContain('is planned');
    world.clock.move(1_000);
    await world.say('mona', '/fleet approve', { issue: await issueNumber(world) });
    await whileItRuns(world, '/fleet pause', isPaused(world));
    world.clock.move(7 * DAY - 2_000);
    await world.settle();
    expect(await states(world)).toEqual(['queued']);
    expect(await say(world, '/fleet cancel')).toContain('is cancelled. Nothing of it runs any more.');
    expect(await states(world)).toEqual(['cancelled']);
    expect(await world.pulls('one')).toEqual([]);
    expect((await issue(world)).body).not.toContain('**Paused**');

    expect((await issue(world)).state).toBe('closed');
    rmSync(join((await world.tasks())[0]?.workspace ?? '', 'home', 'arrived'));
    await world.say('mona', '/fleet retry', { issue: await issueNumber(world) });
    await whileItRuns(world, '/fleet pause', isPaused(world));
    expect((await issue(world)).state).toBe('open');
    world.clock.move(7 * DAY);
    await world.settle();
    expect((await issue(world)).state).toBe('closed');
    expect(await world.tasks()).toMatchObject([
      { status: 'cancelled', reason: 'Nobody resumed the fleet within 7 days.' },
    ]);
    const told = (await events(world)).filter((type) => type !== 'effect_done');
    expect(told.slice(-3)).toEqual(['pause_expired', 'task_cancelled', 'fleet_ended']);
    expect((await issue(world)).body).toContain('nobody had resumed it in time, so the rest was cancelled');
  });
});
