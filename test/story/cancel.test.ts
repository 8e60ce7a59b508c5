import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** A cancel at every moment of a fleet: what is on GitHub afterwards, and what people are told. */

const BRANCH = 'fleet/bump-2.0';
const PUSH = 'POST git-receive-pack';
const DROPPED = 'Nothing of it runs any more. Open pull requests stay.';

/** In \`two\`, and wherever there is a file \`slow\`, the node waits for a file of the test's. */
const BUMP = `
name: bump
inputs: { version: { required: true }, gate: { default: /nowhere/gate, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
branch: fleet/bump-{{version}}
nodes:
  - id: write
    bash: |
      touch "$HOME/arrived"
      until [ ! -e slow ] || [ -e "$INPUTS_GATE" ]; do sleep 0.05; done
      printf '%s\\n' "$INPUTS_VERSION" > VERSION
`;
const ASKING = BUMP.replace('nodes:', 'nodes:\n  - { id: ask, approval: { message: Go on? } }').replace(
  'id: write',
  'id: write\n    depends_on: [ask]',
);

const fast = (name: string) => ({ ...services(name)[0], name, files: { VERSION: '1.0\n' } });
const slow = (name: string) => ({ ...fast(name), files: { VERSION: '1.0\n', slow: '' } });

async function given(repositories: WorldOptions['repositories'], workflow = BUMP, settings = ''): Promise<World> {
  return openWorld({
    settings,
    platform: { files: workflowFiles({ bump: workflow, other: workflow.replace('name: bump', 'name: other') }) },
    ...(repositories === undefined ? {} : { repositories }),
  });
}

const states = async (world: World) => (await world.tasks()).map(({ status, outcome }) => outcome ?? status);

/** Branches besides main, and the states of pull requests. */
async function onGitHub(world: World, repository: string) {
  const listed = await world.api('mona', 'GET', `/repos/acme/${repository}/branches`);
  const branches = z.array(z.object({ name: z.string() })).parse(listed);
  const pulls = await world.pulls(repository);
  return {
    branches: branches.map(({ name }) => name).filter((name) => name !== 'main'),
    pulls: pulls.map(({ state }) => state),
  };
}
const NOTHING = { branches: [], pulls: [] };
const PUBLISHED = { branches: [BRANCH], pulls: ['open'] };

const issueOf = async (world: World) => world.issue((await world.fleet()).trackingIssue?.number ?? 0);
const lastAnswer = async (world: World) => (await world.answers()).at(-1);

/** Begins a fleet, and returns once \`until\` is true; \`settled\` is when nothing happens any more. */
async function underWay(
  world: World,
  until: () => Promise<boolean>,
): Promise<{ gate: string; settled: Promise<void> }> {
  const gate = join(world.meeting, 'gate');
  await world.say('mona', `/fleet bump version=2.0 gate=${gate}`);
  const settled = world.settle();
  await vi.waitUntil(until, { timeout: 20_000 });
  return { gate, settled };
}

const nodeRuns = (world: World, repository: string) => async () => {
  const fleet = (await world.fleets()).at(-1);
  if (fleet === undefined) return false;
  const task = (await world.tasks(fleet)).find((one) => one.repository === `acme/${repository}`);
  const events = await world.store.read.events.ofFleet(fleet.id);
  return events.some(({ event }) => event.type === 'node_started' && event.taskId === task?.id);
};

const isCancelled = (world: World) => async () => (await world.fleet()).cancelRequestedAt !== null;

describe('a cancel', () => {
  it('of a plan drops it: nothing was started, and the issue is closed', async () => {
    const world = await given([fast('one'), fast('two')]);
    await world.comment('mona', '/fleet plan bump version=2.0');
    await world.comment('mona', '/fleet cancel');
    expect(await states(world)).toEqual(['cancelled', 'cancelled']);
    expect(await lastAnswer(world)).toContain(DROPPED);
    const issue = await issueOf(world);
    expect(issue.state).toBe('closed');
    expect(issue.body).toContain('Cancelled');
    expect(issue.body).not.toContain('/fleet approve');
    expect(world.github.requests.count(PUSH)).toBe(0);
    for (const name of ['one', 'two']) expect(await onGitHub(world, name)).toEqual(NOTHING);
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect(await states(world)).toEqual(['cancelled', 'cancelled']);
  });

  it('of what is queued ends it at once, and the fleet before it goes on', async () => {
    const world = await given([slow('one')], BUMP, 'caps: { system: 1 }');
    const { gate, settled } = await underWay(world, nodeRuns(world, 'one'));
    const [first] = await world.fleets();
    await world.say('mona', `/fleet other version=3.0 gate=${gate}`);
    await vi.waitUntil(async () => (await world.fleets()).length === 2, { timeout: 20_000 });
    await world.say('mona', `/fleet cancel ${(await world.fleet()).id}`);
    await vi.waitUntil(async () => (await world.fleet()).endedAt !== null, { timeout: 20_000 });
    expect(await states(world)).toEqual(['cancelled']);
    expect((await world.tasks())[0]).toMatchObject({ startedAt: null, reason: 'mona cancelled the fleet.' });
    writeFileSync(gate, '');
    await settled;
    await world.settle();
    expect((await issueOf(world)).state).toBe('closed');
    expect((await world.answers()).some((text) => text.includes(DROPPED))).toBe(true);
    expect((await world.tasks(first)).map(({ outcome }) => outcome)).toEqual(['changed']);
    expect(await onGitHub(world, 'one')).toEqual(PUBLISHED);
  });

  it('of what runs stops it and pushes nothing', async () => {
    const world = await given([slow('one')]);
    const { settled } = await underWay(world, nodeRuns(world, 'one'));
    await world.say('mona', '/fleet cancel');
    await settled;
    await world.settle();
    expect(await states(world)).toEqual(['cancelled']);
    expect((await world.tasks())[0]?.reason).toBe('Cancelled before anything was pushed.');
    expect((await world.answers()).at(-1)).toContain('In 1 repository the work is being stopped');
    expect(world.github.requests.count(PUSH)).toBe(0);
    expect(await onGitHub(world, 'one')).toEqual(NOTHING);
    expect(await issueOf(world)).toMatchObject({ state: 'closed', body: expect.stringContaining('Cancelled') });
  });

  it('of what waits for a person ends it at once, and the question is withdrawn', async () => {
    const world = await given([fast('one')], ASKING);
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await states(world)).toEqual(['waiting']);
    expect((await issueOf(world)).body).toContain('Go on?');
    await world.comment('mona', '/fleet cancel');
    expect(await states(world)).toEqual(['cancelled']);
    expect(await lastAnswer(world)).toContain(DROPPED);
    const issue = await issueOf(world);
    expect(issue.state).toBe('closed');
    expect(issue.body).not.toContain('/fleet approve');
    expect(await onGitHub(world, 'one')).toEqual(NOTHING);
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect(await states(world)).toEqual(['cancelled']);
  });

  it('in mid-push is too late for that repository, whose pull request is finished, and in time for the next', async () => {
    const world = await given([fast('one'), fast('two')]);
    const { failures, requests } = world.github;
    failures.next({ route: PUSH, mode: 'held' });
    const { settled } = await underWay(world, async () => failures.holding === 1);
    await world.say('mona', '/fleet cancel');
    await vi.waitUntil(isCancelled(world), { timeout: 20_000 });
    expect(await states(world)).toEqual(['running', 'cancelled']);
    await failures.land();
    await settled;
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'cancelled']);
    expect(await lastAnswer(world)).toContain(
      'In 1 repository the push has begun: there the pull request is still finished',
    );
    expect(await onGitHub(world, 'one')).toEqual(PUBLISHED);
    expect(await onGitHub(world, 'two')).toEqual(NOTHING);
    expect(requests.count(PUSH)).toBe(1);
    expect(await issueOf(world)).toMatchObject({ state: 'open', body: expect.stringContaining('acme/one/pull/1') });
  });

  it('in mid-push also where the push is lost: it is looked for, pushed again, and the pull request finished', async () => {
    const world = await given([fast('one')]);
    const { failures } = world.github;
    failures.next({ route: PUSH, mode: 'later', times: 2 });
    const { settled } = await underWay(world, async () => failures.holding === 2);
    await settled;
    failures.clear();
    await world.comment('mona', '/fleet cancel');
    expect(await lastAnswer(world)).toContain('In 1 repository the push has begun');
    world.clock.move(31_000);
    await world.settle();
    await failures.land();
    world.clock.move(31_000);
    await world.settle();
    expect(await states(world)).toEqual(['changed']);
    expect(await onGitHub(world, 'one')).toEqual(PUBLISHED);
  });

  it('after a pull request leaves that one open and lists it; once all has ended there is nothing to cancel', async () => {
    const world = await given([fast('one'), slow('two')]);
    const { settled } = await underWay(world, nodeRuns(world, 'two'));
    await world.say('mona', '/fleet cancel');
    await settled;
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'cancelled']);
    expect(await onGitHub(world, 'one')).toEqual(PUBLISHED);
    expect(await onGitHub(world, 'two')).toEqual(NOTHING);
    const issue = await issueOf(world);
    expect(issue).toMatchObject({ state: 'open', body: expect.stringContaining('acme/one/pull/1') });
    expect(await world.answers(issue.number), 'one comment at the end').toHaveLength(1);
    world.clock.move(1_000);
    const before = world.github.requests.count(({ method, actor }) => method === 'PATCH' && actor !== 'mona');
    await world.comment('mona', '/fleet cancel');
    expect(await lastAnswer(world)).toContain('has ended already');
    expect(world.github.requests.count(({ method, actor }) => method === 'PATCH' && actor !== 'mona')).toBe(before);
  });
});
