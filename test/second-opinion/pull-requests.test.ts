import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppWorld } from '../story/app-world.ts';
import { bump, services, workflowFiles } from '../story/workflows.ts';
import { appJwt, ask, BOTH, type Both, type Open } from './both.ts';

const BRANCH = 'fleet/bump-2.0';
const COMMAND = '/fleet bump version=2.0';

async function openWith(open: Open, more: string, ...names: string[]): Promise<Both> {
  const files = workflowFiles({ bump: bump('[{ tag: app }]', `parallel: true\n${more}`) });
  return open({ platform: { files }, repositories: services(...names) });
}

/** Named by what happens to each between two runs. */
const NAMES = ['kept', 'moved', 'reviewed', 'closed', 'closedbybot', 'merged'];

/** Of the newest fleet, by the repository's name. */
const outcomes = async ({ world }: Both) =>
  Object.fromEntries(
    (await world.tasks()).map((task) => [task.repository.replace('acme/', ''), task.outcome ?? task.category]),
  );

async function headOf({ world }: Both, repository: string, branch = BRANCH): Promise<string> {
  const ref = await world.api('mona', 'GET', `/repos/acme/${repository}/git/ref/heads/${branch}`);
  return z.object({ object: z.object({ sha: z.string() }) }).parse(ref).object.sha;
}

async function botToken(world: AppWorld): Promise<string> {
  const mint = `POST /app/installations/${world.installationId}/access_tokens`;
  return z.object({ token: z.string() }).parse((await ask(world, await appJwt(), mint)).data).token;
}

/** What the first run leaves in every repository: one pull request on the same branch, with a link to the tracking issue. */
async function expectFirstPulls(both: Both): Promise<void> {
  const { world, github } = both;
  const [issue] = await world.trackingIssues();
  for (const repository of NAMES) {
    const sha = await headOf(both, repository);
    const pulls = await world.pulls(repository);
    expect(pulls).toMatchObject([{ title: 'Bump to 2.0', state: 'open', head: { ref: BRANCH, sha } }]);
    expect(pulls[0]?.body).toContain(`/acme/platform/issues/${issue?.number}`);
    expect(await world.file(repository, 'VERSION', BRANCH)).toBe('2.0\n');
    expect(await world.file(repository, 'VERSION', 'main')).toBe('1.0\n');
    expect(await world.api('mona', 'GET', `/repos/acme/${repository}/compare/main...${BRANCH}`)).toMatchObject({
      ahead_by: 1,
      behind_by: 0,
      files: [{ filename: 'VERSION' }],
      commits: [{ sha, commit: { author: { name: 'flotilla[bot]' } } }],
    });
    expect(await world.api('mona', 'GET', `/repos/acme/${repository}/pulls/1`)).toMatchObject({
      labels: [{ name: 'dependencies' }],
      user: { login: 'flotilla[bot]', type: 'Bot' },
    });
  }
  expect(github.count('POST', /git-receive-pack$/)).toBe(NAMES.length);
  const unasked = { outcome: 'changed', warnings: [expect.stringContaining('reviewers')] };
  expect(await world.tasks()).toMatchObject(NAMES.map(() => unasked));
}

async function peopleAndBotsWorkOn(world: AppWorld): Promise<void> {
  await world.commit('mona', 'moved', 'NEW', 'new\n', 'main');
  await world.commit('mona', 'reviewed', 'REVIEW', 'a fix\n', BRANCH);
  await world.commit('mona', 'reviewed', 'NEW', 'new\n', 'main');
  await world.api('mona', 'PATCH', '/repos/acme/closed/pulls/1', { state: 'closed' });
  const token = await botToken(world);
  const close = 'PATCH /repos/acme/closedbybot/pulls/1';
  expect((await ask(world, token, close, { state: 'closed' })).status).toBe(200);
  await world.api('mona', 'PUT', '/repos/acme/merged/pulls/1/merge', {});
  expect(await world.file('merged', 'VERSION', 'main')).toBe('2.0\n');
  await world.commit('mona', 'merged', 'VERSION', '1.9\n', 'main');
}

describe.each(BOTH)('pull requests at %s', (_, open) => {
  it('are one in every repository, at what was pushed, and a rerun leaves them as people left them', async () => {
    const both = await openWith(
      open,
      'pull_request: { title: "Bump to {{version}}", labels: [dependencies], reviewers: [nobody-here] }',
      ...NAMES,
    );
    const { world, github } = both;
    await world.comment('mona', COMMAND);
    await expectFirstPulls(both);
    const before = { kept: await headOf(both, 'kept'), moved: await headOf(both, 'moved') };
    await peopleAndBotsWorkOn(world);
    const reviewed = await headOf(both, 'reviewed');
    await world.comment('mona', COMMAND);

    expect(await outcomes(both)).toEqual({
      kept: 'changed',
      moved: 'changed',
      reviewed: 'branch_diverged',
      closed: 'declined',
      closedbybot: 'changed',
      merged: 'changed',
    });
    // Left alone where nothing moved, updated where the base did, never opened again.
    expect(await world.pulls('kept')).toMatchObject([{ number: 1, head: { sha: before.kept } }]);
    const moved = await headOf(both, 'moved');
    expect(moved).not.toBe(before.moved);
    expect(await world.file('moved', 'NEW', BRANCH)).toBe('new\n');
    expect(await world.pulls('moved')).toMatchObject([{ number: 1, head: { sha: moved } }]);
    // A person's commit stays, and so does what a person closed; a bot may not close for them.
    expect(await headOf(both, 'reviewed')).toBe(reviewed);
    expect(await world.file('reviewed', 'REVIEW', BRANCH)).toBe('a fix\n');
    expect(await world.pulls('closed')).toMatchObject([{ number: 1, state: 'closed' }]);
    // A merged one is followed by a new one, as there is a diff again.
    expect((await world.pulls('merged')).filter(({ state }) => state === 'open')).toHaveLength(1);
    // Besides the first ones: that, and the one in place of what a bot closed.
    expect(github.count('POST', /\/pulls$/)).toBe(NAMES.length + 2);
    const [older, newer] = await world.trackingIssues();
    expect(older?.body).toContain(`/issues/${newer?.number}`);

    await world.comment('mona', `${COMMAND} --again --match "{reviewed,closed}"`);
    expect(await outcomes(both)).toEqual({ reviewed: 'branch_diverged', closed: 'changed' });
    expect((await world.pulls('closed')).map(({ state }) => state).sort()).toEqual(['closed', 'open']);
  }, 120_000);

  it("are not opened where nothing changes, nor on a person's branch of the same name", async () => {
    const both = await openWith(open, '', 'one', 'two');
    const { world, github } = both;
    await world.commit('mona', 'one', 'VERSION', '2.0\n', 'main');
    await world.branch('two', BRANCH);
    await world.commit('mona', 'two', 'MINE', 'mine\n', BRANCH);
    const mine = await headOf(both, 'two');
    await world.comment('mona', COMMAND);

    expect(await outcomes(both)).toEqual({ one: 'unchanged', two: 'branch_diverged' });
    for (const repository of ['one', 'two']) expect(await world.pulls(repository)).toEqual([]);
    expect(await headOf(both, 'two')).toBe(mine);
    expect(github.count('POST', /git-receive-pack$/)).toBe(0);
  });

  it('get their commits through the API where the workflow says so, the first and the next', async () => {
    const both = await openWith(open, 'pull_request: { commit: api }', 'one');
    const { world, github } = both;
    await world.comment('mona', COMMAND);
    expect((await world.tasks()).map((task) => task.outcome ?? task.reason)).toEqual(['changed']);
    const first = await headOf(both, 'one');
    expect(await world.file('one', 'VERSION', BRANCH)).toBe('2.0\n');
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    await world.comment('mona', COMMAND);

    expect((await world.tasks()).map((task) => task.outcome ?? task.reason)).toEqual(['changed']);
    const pulls = await world.pulls('one');
    expect(pulls).toMatchObject([{ number: 1, head: { sha: await headOf(both, 'one') } }]);
    expect(pulls[0]?.head.sha).not.toBe(first);
    expect(await world.file('one', 'NEW', BRANCH)).toBe('new\n');
    expect(github.count('POST', /git-receive-pack$/)).toBe(0);
  });
});
