import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const BRANCH = 'fleet/bump-2.0';
const minute = 60_000;

/** A service whose node waits for a file of the test's, so that something can happen meanwhile. */
const gated = (more = '') => `
name: bump
inputs: { version: { required: true }, gate: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
branch: fleet/bump-{{version}}
${more}
nodes:
  - id: write
    bash: until [ -e "$INPUTS_GATE" ]; do sleep 0.05; done; printf '%s\\n' "$INPUTS_VERSION" > VERSION
`;

/** Gives the command, lets \`meanwhile\` happen while the node runs, and settles. */
async function during(world: World, meanwhile: () => Promise<void>): Promise<void> {
  const gate = join(world.meeting, 'gate');
  await world.say('mona', `/fleet bump version=2.0 gate=${gate}`);
  const settled = world.settle();
  await vi.waitUntil(async () => (await world.store.read.tasks.running()).length === 1, { timeout: 15_000 });
  await meanwhile();
  writeFileSync(gate, '');
  await settled;
}

const ends = async (world: World) =>
  (await world.tasks()).map((task) => task.outcome ?? `${task.status}/${task.category}`);

async function simpleWorld(more = ''): Promise<World> {
  return openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', more) }) },
    repositories: services('one'),
  });
}

describe('GitHub in trouble', () => {
  it('after a push whose answer was lost: the branch is looked at and the pull request made', async () => {
    const world = await simpleWorld();
    world.github.failures.next({ route: 'POST git-receive-pack', mode: 'after' });
    await world.comment('mona', '/fleet bump version=2.0');
    world.clock.move(minute);
    await world.settle();
    expect(await ends(world)).toEqual(['changed']);
    expect(await world.pulls('one')).toHaveLength(1);
    expect(world.github.requests.count('POST git-receive-pack')).toBe(1);
  });

  it('after the push of a rerun whose answer was lost: the open pull request gets its new text all the same', async () => {
    const world = await simpleWorld('pull_request: { title: "Bump to {{version}} for {{service}}" }');
    await world.comment('mona', '/fleet bump version=2.0');
    await world.api('mona', 'PATCH', '/repos/acme/one/pulls/1', { title: 'Edited' });
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    world.github.failures.next({ route: 'POST git-receive-pack', mode: 'after' });
    await world.comment('mona', '/fleet bump version=2.0');
    world.clock.move(minute);
    await world.settle();
    expect(await ends(world)).toEqual(['changed']);
    expect(await world.pulls('one')).toMatchObject([{ title: 'Bump to 2.0 for acme/one' }]);
    const pushes = await world.store.read.pushes.ofBranch((await world.tasks())[0]?.repositoryId ?? 0, BRANCH);
    expect(pushes.map(({ state }) => state)).toEqual(['pushed', 'pushed']);
  });

  it('before a push: it is pushed when GitHub is back, and no node runs twice', async () => {
    const world = await simpleWorld();
    world.github.failures.next({ route: 'POST git-receive-pack', mode: 'before', status: 502 });
    await world.comment('mona', '/fleet bump version=2.0');
    world.clock.move(minute);
    await world.settle();
    expect(await ends(world)).toEqual(['changed']);
    const events = await world.store.read.events.ofFleet((await world.fleet()).id);
    expect(events.filter(({ event }) => event.type === 'node_started')).toHaveLength(1);
  });

  it('with a limit on a read: the task waits as long as GitHub says, and nothing else is asked meanwhile', async () => {
    const world = await simpleWorld();
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    world.github.failures.next({ route: 'POST /graphql', mode: 'before', times: 1_000 });
    world.github.failures.next({
      route: 'GET /repos/{owner}/{repo}',
      path: '/repos/acme/one',
      mode: 'status',
      status: 429,
      headers: { 'retry-after': '120' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    });
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['queued']);
    const before = world.github.requests.count();
    world.clock.move(minute);
    await world.settle();
    expect(world.github.requests.count()).toBe(before);
    world.clock.move(2 * minute);
    await world.settle();
    expect(await ends(world)).toEqual(['changed']);
  });

  it('with a pull request that never gets through: the task fails, and the fleet ends', async () => {
    const world = await simpleWorld();
    world.github.failures.next({ route: 'POST /repos/{owner}/{repo}/pulls', mode: 'before', status: 502, times: 1000 });
    await world.comment('mona', '/fleet bump version=2.0');
    for (let tries = 0; tries < 60 && (await world.fleet()).endedAt === null; tries += 1) {
      world.clock.move(10 * minute);
      await world.settle();
    }
    expect(await ends(world)).toEqual(['failed/pull_request']);
    expect(await world.file('one', 'VERSION', BRANCH)).toBeUndefined();
  });
});

describe('people at work at the same time', () => {
  it('a pull request that a person closes, with its branch, while the rerun works is declined', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: gated() }) },
      repositories: services('one'),
    });
    await during(world, async () => undefined);
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    await during(world, async () => {
      await world.api('mona', 'PATCH', '/repos/acme/one/pulls/1', { state: 'closed' });
      await world.api('mona', 'DELETE', `/repos/acme/one/git/refs/heads/${BRANCH}`);
    });
    expect(await ends(world)).toEqual(['declined']);
  });

  it('a reviewer who commits while the task runs is not overwritten', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: gated() }) },
      repositories: services('one'),
    });
    writeFileSync(join(world.meeting, 'gate'), '');
    await world.comment('mona', `/fleet bump version=2.0 gate=${join(world.meeting, 'gate')}`);
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    await during(world, () => world.commit('mona', 'one', 'REVIEW', 'mine\n', BRANCH));
    expect(await ends(world)).toEqual(['failed/branch_diverged']);
    expect(await world.file('one', 'REVIEW', BRANCH)).toBe('mine\n');
  });
});

describe('what a workflow may not do', () => {
  it('push to a branch that we never made, such as the release branch', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'branch: release') }) },
      repositories: services('one'),
    });
    await world.branch('one', 'release');
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await ends(world)).toEqual(['failed/branch_diverged']);
    expect(await world.file('one', 'VERSION', 'release')).toBe('1.0\n');
  });

  it('publish a secret', async () => {
    const leak = `name: leak\nservices: [{ tag: app }]\nnodes:\n  - id: leak\n    bash: echo "token=ghp_$(printf 'a1%.0s' $(seq 18))" > config\n`;
    const world = await openWorld({ platform: { files: workflowFiles({ leak }) }, repositories: services('one') });
    await world.comment('mona', '/fleet leak');
    expect(await ends(world)).toEqual(['failed/secret']);
    const [task] = await world.tasks();
    expect(task?.reason).toContain('"config", line 1');
    expect(task?.reason).not.toContain('ghp_');
    expect(await world.pulls('one')).toEqual([]);
  });

  it('run longer than its task_timeout', async () => {
    const slow =
      'name: slow\nservices: [{ tag: app }]\nlimits: { task_timeout: 1s }\nnodes:\n  - { id: a, bash: sleep 60 }\n';
    const world = await openWorld({ platform: { files: workflowFiles({ slow }) }, repositories: services('one') });
    await world.comment('mona', '/fleet slow');
    expect(await ends(world)).toEqual(['timed_out/timeout']);
    expect((await world.trackingIssues())[0]?.body).toContain('Timed out');
  });

  it('take a branch that an open pull request of another fleet key shows; afterwards it may', async () => {
    const two = bump('[{ tag: app }]', 'branch: fleet/shared').replace('name: bump', 'name: two');
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'branch: fleet/shared'), two }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    await world.comment('mona', '/fleet two version=3.0');
    expect(await ends(world)).toEqual(['failed/conflict']);
    await world.api('mona', 'PUT', '/repos/acme/one/pulls/1/merge', {});
    await world.comment('mona', '/fleet two version=3.0');
    expect(await ends(world)).toEqual(['changed']);
  });
});

describe('commits by the API', () => {
  it('are not repeated by reruns that change nothing', async () => {
    const world = await simpleWorld('pull_request: { commit: api }');
    await world.comment('mona', '/fleet bump version=2.0');
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    await world.comment('mona', '/fleet bump version=2.0');
    const second = (await world.pulls('one'))[0]?.head.sha;
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await ends(world)).toEqual(['changed']);
    expect((await world.pulls('one'))[0]?.head.sha).toBe(second);
  });

  it('leave no branch behind when GitHub refuses the pull request', async () => {
    const world = await simpleWorld('pull_request: { commit: api }');
    world.github.failures.next({ route: 'POST /repos/{owner}/{repo}/pulls', mode: 'status', status: 422 });
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await ends(world)).toEqual(['failed/pull_request']);
    expect(await world.file('one', 'VERSION', BRANCH)).toBeUndefined();
  });
});
