import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { bump, services, workflowFiles } from '../workflows.ts';
import { openWorld, type World } from '../world.ts';
import {
  asked,
  askedInAll,
  BRANCH,
  ends,
  expectAsked,
  fairWeather,
  MINUTE,
  openTroubledWorld,
  pass,
} from './troubled.ts';

/** What happens to repositories, tokens and webhooks while a fleet is under way. */

const GET_REPOSITORY = 'GET /repos/{owner}/{repo}';
const PUSH = 'POST git-receive-pack';
const PULLS = 'POST /repos/{owner}/{repo}/pulls';
const COMMENTS = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const ISSUES = 'POST /repos/{owner}/{repo}/issues';
const EDIT = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
const GRAPHQL = 'POST /graphql';
const INFO_REFS = 'GET git-info-refs';

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

const owned = (...names: string[]) =>
  services(...names).map((one) => ({ ...one, collaborators: { mona: 'admin' as const } }));

function openGatedWorld(...names: string[]): Promise<World> {
  return openWorld({ platform: { files: workflowFiles({ bump: GATED }) }, repositories: owned(...names) });
}

/** Gives the command, lets \`meanwhile\` happen while the first task's node runs, and settles. */
async function during(world: World, meanwhile: () => Promise<unknown>): Promise<void> {
  const gate = join(world.meeting, 'gate');
  world.github.requests.clear();
  await world.say('mona', `/fleet bump version=2.0 gate=${gate}`);
  const settled = world.settle();
  const hasBegun = async () => {
    const [fleet] = await world.fleets();
    const events = fleet === undefined ? [] : await world.store.read.events.ofFleet(fleet.id);
    return events.some(({ event }) => event.type === 'node_started');
  };
  await vi.waitUntil(hasBegun, { timeout: 20_000 });
  await meanwhile();
  writeFileSync(gate, '');
  await settled;
}

const rename = (world: World, from: string, to: string) =>
  world.api('mona', 'PATCH', `/repos/acme/${from}`, { name: to });
const remove = (world: World, repository: string) => world.api('mona', 'DELETE', `/repos/acme/${repository}`);

describe('webhooks', () => {
  it('that come several times start one fleet and one answer', async () => {
    const world = await openTroubledWorld(['one']);
    await world.comment('mona', '/fleet bump version=2.0');
    const [delivery] = world
      .deliveries()
      .filter(({ event }) => event === 'issue_comment')
      .slice(-1);
    world.github.requests.clear();
    for (let times = 0; times < 3; times += 1) await world.redeliver(delivery?.id ?? 0);
    expect(await world.fleets()).toHaveLength(1);
    expect(await world.answers()).toHaveLength(1);
    expect(askedInAll(world)).toBe(0);
  });

  it('that come in another order are answered one by one', async () => {
    const world = await openTroubledWorld(['one']);
    const { apps } = world.github.context.state;
    const [app] = apps.all();
    if (app === undefined) throw new Error('There is no app.');
    apps.update(app.id, { webhookUrl: 'http://127.0.0.1:1/' });
    await world.comment('mona', '/fleet bump version=2.0');
    await world.comment('mona', '/fleet cancel');
    apps.update(app.id, { webhookUrl: app.webhookUrl });
    const comments = world.deliveries().filter(({ event, redelivery }) => event === 'issue_comment' && !redelivery);
    expect(comments).toHaveLength(2);
    world.github.requests.clear();
    for (const { id } of comments) await world.redeliver(id);
    const answers = await world.answers();
    expect(answers[0]).toContain('neither a fleet');
    expect(answers).toHaveLength(2);
    expect(await ends(world)).toEqual(['changed']);
    // The command that came first: who gives it, its reaction and its reply.
    expectAsked(world, fairWeather(1), {
      'GET /repos/{owner}/{repo}/collaborators/{username}/permission': 2,
      'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': 3,
      [COMMENTS]: 3,
    });
  });
});

describe('a deleted repository', () => {
  it('before its turn: its task fails at the first request, and the others go on', async () => {
    const world = await openGatedWorld('one', 'two');
    await during(world, () => remove(world, 'two'));
    expect(await ends(world)).toEqual(['changed', 'failed/not_found']);
    expect((await world.tasks())[1]?.reason).toContain('acme/two is gone');
    expect(asked(world, GET_REPOSITORY, '/acme/two'), 'which the query did not find').toBe(1);
    expectAsked(world, fairWeather(1), { [GRAPHQL]: 3, [EDIT]: 3, [GET_REPOSITORY]: 2 });
  });

  it('while its node runs: its task fails without a push', async () => {
    const world = await openGatedWorld('one');
    await during(world, () => remove(world, 'one'));
    expect(await ends(world)).toEqual(['failed/not_found']);
    // GitHub gives no token for a push to it.
    expectAsked(world, fairWeather(1), { [INFO_REFS]: 1, [PUSH]: 0, [PULLS]: 0 });
  });

  it('that was the control repository: the fleet ends, and one more issue is tried', async () => {
    const world = await openGatedWorld('one', 'two');
    await during(world, () => remove(world, 'platform'));
    await pass(world, { step: MINUTE });
    for (let minutes = 0; minutes < 10; minutes += 1) {
      world.clock.move(MINUTE);
      await world.settle();
    }
    expect(await ends(world)).toEqual(['changed', 'failed/permission']);
    expect((await world.fleet()).endedAt).not.toBeNull();
    // The second task asks for its control repository; one edit finds the issue gone, and one more issue is tried.
    expectAsked(world, fairWeather(1), { [GRAPHQL]: 3, [GET_REPOSITORY]: 2, [ISSUES]: 2, [COMMENTS]: 1 });
  });
});

describe('a protected branch', () => {
  it.each(['push', 'api'])(
    'refuses a commit by %s: the task fails with what GitHub said, and is not tried again',
    async (commit) => {
      const world = await openTroubledWorld([], {
        platform: {
          files: workflowFiles({
            bump: bump('[{ tag: app }]', `branch: fleet/bump-{{version}}\npull_request: { commit: ${commit} }`),
          }),
        },
        repositories: services('one').map((one) => ({ ...one, protected_branches: [BRANCH] })),
      });
      await world.comment('mona', '/fleet bump version=2.0');
      await pass(world);
      expect(await ends(world)).toEqual(['failed/push_rejected']);
      expect((await world.tasks())[0]?.reason).toContain(commit === 'push' ? 'GH006' : 'protected');
      expect(asked(world, commit === 'push' ? PUSH : 'POST /repos/{owner}/{repo}/git/refs')).toBe(1);
      expect(asked(world, PULLS)).toBe(0);
      expect(await world.file('one', 'VERSION', BRANCH)).toBeUndefined();
    },
  );
});

describe('a repository that is renamed in mid-fleet', () => {
  it('before its turn: its task runs under the new name', async () => {
    const world = await openGatedWorld('one', 'two');
    await during(world, () => rename(world, 'two', 'second'));
    expect(await ends(world)).toEqual(['changed', 'changed']);
    expect(await world.pulls('second')).toHaveLength(1);
    expect((await world.tasks())[1]?.pullRequest?.url).toContain('/acme/second/pull/1');
    expectAsked(world, fairWeather(2));
  });

  it('while its node runs: the push follows, to that very repository', async () => {
    const world = await openGatedWorld('one');
    await during(world, () => rename(world, 'one', 'first'));
    expect(await ends(world)).toEqual(['changed']);
    expect(await world.file('first', 'VERSION', BRANCH)).toBe('2.0\n');
    expect(await world.pulls('first')).toHaveLength(1);
    expect(asked(world, GET_REPOSITORY, '/acme/one'), 'where it is now').toBe(1);
    // Each request by the former name is made once more where GitHub leads to.
    expectAsked(world, fairWeather(1), { [GET_REPOSITORY]: 3, [INFO_REFS]: 3, [PULLS]: 2 });
  });

  it('while another takes its former name: nothing is pushed to that one', async () => {
    const other = { name: 'other', collaborators: { mona: 'admin' as const } };
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: GATED }) },
      repositories: [...owned('one'), other],
    });
    await during(world, async () => {
      await rename(world, 'one', 'first');
      await rename(world, 'other', 'one');
    });
    expect(await ends(world)).toEqual(['failed/not_found']);
    expect(await world.file('one', 'VERSION', BRANCH)).toBeUndefined();
    expect(await world.pulls('one')).toEqual([]);
    // The token for the push is for the one repository, which the other's name does not lead to.
    expectAsked(world, fairWeather(1), { [PUSH]: 0, [PULLS]: 0 });
  });

  it('between a push without an answer and its pull request: the task goes on where it is now', async () => {
    const world = await openGatedWorld('one');
    world.github.failures.next({ route: PUSH, mode: 'before' });
    await during(world, async () => undefined);
    await rename(world, 'one', 'first');
    await pass(world);
    expect(await ends(world)).toEqual(['changed']);
    expect(await world.pulls('first')).toHaveLength(1);
    // One look at the branch and its pull requests, by the former name and where GitHub leads to, and what follows it.
    expectAsked(world, fairWeather(1), {
      'GET /repos/{owner}/{repo}/git/ref/{ref}': 2,
      'GET /repos/{owner}/{repo}/pulls': 2,
      [GET_REPOSITORY]: 4,
      [INFO_REFS]: 4,
      [PUSH]: 2,
      [PULLS]: 2,
      [EDIT]: 4,
    });
  });

  it('that is the control repository: its tracking issue is kept up to date, and commands there are heard', async () => {
    const world = await openGatedWorld('one', 'two');
    await during(world, () => rename(world, 'platform', 'hub'));
    await pass(world);
    expect(await ends(world)).toEqual(['changed', 'changed']);
    expect(await world.issue(2, 'hub')).toMatchObject({ state: 'closed', body: expect.stringContaining('Completed') });
    expect(await world.answers(2, 'hub')).toHaveLength(1);
    // The tracking issue was edited once before; from then on each edit, and the last comment, is led on.
    expectAsked(world, fairWeather(2), { [EDIT]: 1 + 2 * 2, [COMMENTS]: 3 });
    await world.comment('mona', '/fleet status', { repository: 'hub', issue: 2 });
    expect((await world.answers(2, 'hub')).at(-1)).toContain('**Completed**');
  });
});
