import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What a task saw when it began holds for some minutes, and never against what is there when it pushes. */

const BRANCH = 'fleet/bump-2.0';
const MINUTE = 60_000;
const LOOKS = ['GET /repos/{owner}/{repo}/git/ref/{ref}', 'GET /repos/{owner}/{repo}/pulls'];

/** Its node waits for a file of the test's. */
const GATED = `
name: bump
inputs: { version: { required: true }, gate: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
branch: fleet/bump-{{version}}
nodes:
  - id: write
    bash: until [ -e "$INPUTS_GATE" ]; do sleep 0.05; done; printf '%s\\n' "$INPUTS_VERSION" > VERSION
`;

const open = (platform: WorldOptions['platform'] = {}): Promise<World> =>
  openWorld({ platform: { files: workflowFiles({ bump: GATED }), ...platform }, repositories: services('one') });

async function during(world: World, meanwhile: () => Promise<unknown>): Promise<void> {
  const gate = join(world.meeting, 'gate');
  await world.say('mona', `/fleet bump version=2.0 gate=${gate}`);
  const settled = world.settle();
  const hasBegun = async () => {
    const [fleet] = await world.fleets();
    const events = fleet === undefined ? [] : await world.store.read.events.ofFleet(fleet.id);
    return events.some(({ event }) => event.type === 'node_started');
  };
  await vi.waitUntil(hasBegun, { timeout: 20_000 });
  world.github.requests.clear();
  await meanwhile();
  writeFileSync(gate, '');
  await settled;
}

const looks = (world: World) =>
  world.github.requests.all(({ actor, route }) => actor !== 'mona' && LOOKS.includes(route)).map(({ route }) => route);
const ends = async (world: World) => (await world.tasks()).map((task) => task.outcome ?? task.category);

/** As a person has made it, with a commit on top of the base. */
async function makeBranch(world: World): Promise<void> {
  const { object } = z
    .object({ object: z.object({ sha: z.string() }) })
    .parse(await world.api('mona', 'GET', '/repos/acme/one/git/ref/heads/main'));
  await world.api('mona', 'POST', '/repos/acme/one/git/refs', { ref: `refs/heads/${BRANCH}`, sha: object.sha });
  await world.commit('mona', 'one', 'MINE', 'mine\n', BRANCH);
}

it('where there was neither a branch nor a pull request, nothing is looked at before the push', async () => {
  const world = await open();
  await during(world, async () => world.clock.move(9 * MINUTE));
  expect(await ends(world)).toEqual(['changed']);
  expect(looks(world)).toEqual([]);
});

it('after ten minutes the branch and its pull requests are looked at again', async () => {
  const world = await open();
  await during(world, async () => world.clock.move(11 * MINUTE));
  expect(await ends(world)).toEqual(['changed']);
  expect(looks(world)).toEqual(LOOKS);
});

it('a branch that somebody makes meanwhile is found by the push, and nothing of it is overwritten', async () => {
  const world = await open();
  await during(world, () => makeBranch(world));
  expect(await ends(world)).toEqual(['branch_diverged']);
  expect(looks(world)).toEqual(LOOKS);
  expect(await world.file('one', 'MINE', BRANCH)).toBe('mine\n');
  expect(await world.file('one', 'VERSION', BRANCH)).toBe('1.0\n');
  expect(await world.pulls('one')).toEqual([]);
});

it('a pull request that a person closed is found where its branch is gone and no earlier fleet is known', async () => {
  const world = await open();
  await makeBranch(world);
  await world.api('mona', 'POST', '/repos/acme/one/pulls', { title: 'Mine', head: BRANCH, base: 'main' });
  await world.api('mona', 'PATCH', '/repos/acme/one/pulls/1', { state: 'closed' });
  await world.api('mona', 'DELETE', `/repos/acme/one/git/refs/heads/${BRANCH}`);
  await during(world, async () => undefined);
  expect(await ends(world)).toEqual(['declined']);
  expect(world.github.requests.count('POST git-receive-pack')).toBe(0);
});

it.each([
  { minutes: 0.5, reads: 0, link: true },
  { minutes: 1.5, reads: 1, link: false },
])(
  'a control repository that fewer people can see since is known after a minute at most ($minutes)',
  async ({ minutes, reads, link }) => {
    const world = await open({ visibility: 'public' });
    const { repositories } = world.github.context.state;
    const visible = (name: string, visibility: 'public' | 'private') =>
      repositories.update(repositories.find((one) => one.name === name)?.id ?? 0, { visibility });
    visible('one', 'public');
    await during(world, async () => {
      visible('platform', 'private');
      world.clock.move(minutes * MINUTE);
    });
    expect(await ends(world)).toEqual(['changed']);
    const control = world.github.requests.count(
      ({ route, path }) => route === 'GET /repos/{owner}/{repo}' && path.endsWith('/acme/platform'),
    );
    expect(control).toBe(reads);
    expect((await world.pulls('one'))[0]?.body?.includes('/acme/platform/issues/')).toBe(link);
  },
);
