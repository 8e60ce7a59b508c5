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

const outcomes = async ({ world }: Both) => (await world.tasks()).map((task) => task.outcome ?? task.category);

async function headOf({ world }: Both, repository: string, branch = BRANCH): Promise<string> {
  const ref = await world.api('mona', 'GET', `/repos/acme/${repository}/git/ref/heads/${branch}`);
  return z.object({ object: z.object({ sha: z.string() }) }).parse(ref).object.sha;
}

async function botToken(world: AppWorld): Promise<string> {
  const mint = `POST /app/installations/${world.installationId}/access_tokens`;
  return z.object({ token: z.string() }).parse((await ask(world, await appJwt(), mint)).data).token;
}

describe.each(BOTH)('pull requests at %s', (_, open) => {
  it('are one in every repository, on the same branch, at what was pushed, with a link to the tracking issue', async () => {
    const both = await openWith(
      open,
      'pull_request: { title: "Bump to {{version}}", labels: [dependencies], reviewers: [nobody-here] }',
      'one',
      'two',
      'three',
    );
    const { world, github } = both;
    await world.comment('mona', COMMAND);

    const [issue] = await world.trackingIssues();
    for (const repository of ['one', 'two', 'three']) {
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
    expect(github.count('POST', /git-receive-pack$/)).toBe(3);
    const unasked = { outcome: 'changed', warnings: [expect.stringContaining('reviewers')] };
    expect(await world.tasks()).toMatchObject([unasked, unasked, unasked]);
  });

  it("are not opened where nothing changes, nor on a person's branch of the same name", async () => {
    const both = await openWith(open, '', 'one', 'two');
    const { world, github } = both;
    await world.commit('mona', 'one', 'VERSION', '2.0\n', 'main');
    await world.branch('two', BRANCH);
    await world.commit('mona', 'two', 'MINE', 'mine\n', BRANCH);
    const mine = await headOf(both, 'two');
    await world.comment('mona', COMMAND);

    expect(await outcomes(both)).toEqual(['unchanged', 'branch_diverged']);
    for (const repository of ['one', 'two']) expect(await world.pulls(repository)).toEqual([]);
    expect(await headOf(both, 'two')).toBe(mine);
    expect(github.count('POST', /git-receive-pack$/)).toBe(0);
  });

  it('are updated by a rerun of the same key instead of opened again, and left alone when nothing moved', async () => {
    const both = await openWith(open, '', 'one', 'two');
    const { world, github } = both;
    await world.comment('mona', COMMAND);
    const [first, second] = [await headOf(both, 'one'), await headOf(both, 'two')];
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    await world.comment('mona', COMMAND);

    expect(await outcomes(both)).toEqual(['changed', 'changed']);
    expect(await headOf(both, 'one')).not.toBe(first);
    expect(await headOf(both, 'two')).toBe(second);
    expect(await world.file('one', 'NEW', BRANCH)).toBe('new\n');
    expect(await world.pulls('one')).toMatchObject([{ number: 1, head: { sha: await headOf(both, 'one') } }]);
    expect(await world.pulls('two')).toMatchObject([{ number: 1, head: { sha: second } }]);
    expect(github.count('POST', /\/pulls$/)).toBe(2);
    const [older, newer] = await world.trackingIssues();
    expect(older?.body).toContain(`/issues/${newer?.number}`);
  });

  it('are left as people left them: with a commit of theirs, or closed; a bot may not close for them', async () => {
    const both = await openWith(open, '', 'one', 'two', 'xtra');
    const { world } = both;
    await world.comment('mona', COMMAND);
    await world.commit('mona', 'one', 'REVIEW', 'a fix\n', BRANCH);
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    const reviewed = await headOf(both, 'one');
    await world.api('mona', 'PATCH', '/repos/acme/two/pulls/1', { state: 'closed' });
    const token = await botToken(world);
    expect((await ask(world, token, 'PATCH /repos/acme/xtra/pulls/1', { state: 'closed' })).status).toBe(200);
    await world.comment('mona', COMMAND);

    expect(await outcomes(both)).toEqual(['branch_diverged', 'declined', 'changed']);
    expect(await headOf(both, 'one')).toBe(reviewed);
    expect(await world.file('one', 'REVIEW', BRANCH)).toBe('a fix\n');
    expect(await world.pulls('two')).toMatchObject([{ number: 1, state: 'closed' }]);

    await world.comment('mona', `${COMMAND} --again`);
    expect(await outcomes(both)).toEqual(['branch_diverged', 'changed', 'changed']);
    expect((await world.pulls('two')).map(({ state }) => state).sort()).toEqual(['closed', 'open']);
  });

  it('that were merged are followed by a new one when there is a diff again', async () => {
    const both = await openWith(open, '', 'one');
    const { world } = both;
    await world.comment('mona', COMMAND);
    await world.api('mona', 'PUT', '/repos/acme/one/pulls/1/merge', {});
    expect(await world.file('one', 'VERSION', 'main')).toBe('2.0\n');
    await world.commit('mona', 'one', 'VERSION', '1.9\n', 'main');
    await world.comment('mona', COMMAND);
    expect(await outcomes(both)).toEqual(['changed']);
    expect((await world.pulls('one')).filter(({ state }) => state === 'open')).toHaveLength(1);
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
