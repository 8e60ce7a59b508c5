import { describe, expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const BRANCH = 'fleet/bump-2.0';

async function worldAfterFirstRun(): Promise<World> {
  const world = await openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) },
    repositories: services('one', 'two'),
  });
  await world.comment('mona', '/fleet bump version=2.0');
  return world;
}

const outcomes = async (world: World) => (await world.tasks()).map((task) => task.outcome ?? task.category);

describe('a rerun', () => {
  it('pushes nothing where the pull request already holds the same tree on the same base', async () => {
    const world = await worldAfterFirstRun();
    const before = (await world.pulls('one'))[0]?.head.sha;
    await world.comment('mona', '/fleet bump version=2.0');

    expect(await world.fleets()).toHaveLength(2);
    expect(await outcomes(world)).toEqual(['changed', 'changed']);
    expect(await world.pulls('one')).toMatchObject([{ number: 1, head: { sha: before } }]);
  });

  it('updates the same pull requests when the base moved on', async () => {
    const world = await worldAfterFirstRun();
    const before = (await world.pulls('one'))[0]?.head.sha;
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    await world.comment('mona', '/fleet bump version=2.0');

    const pulls = await world.pulls('one');
    expect(pulls).toHaveLength(1);
    expect(pulls[0]?.head.sha).not.toBe(before);
    expect(await world.file('one', 'NEW', BRANCH)).toBe('new\n');
    expect(await world.file('one', 'VERSION', BRANCH)).toBe('2.0\n');
  });

  it('links the old tracking issue to the new one and closes it', async () => {
    const world = await worldAfterFirstRun();
    await world.comment('mona', '/fleet bump version=2.0');
    const [older, newer] = await world.trackingIssues();
    expect(older?.state).toBe('closed');
    expect(older?.body).toMatch(/superseded by/i);
    expect(older?.body).toContain(`/issues/${newer?.number}`);
  });

  it("overwrites nothing of a reviewer's commit on the branch", async () => {
    const world = await worldAfterFirstRun();
    await world.commit('mona', 'one', 'REVIEW', 'a fix\n', BRANCH);
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    const reviewed = (await world.pulls('one'))[0]?.head.sha;
    await world.comment('mona', '/fleet bump version=2.0');

    const tasks = Object.fromEntries(
      (await world.tasks()).map((task) => [task.repository, task.outcome ?? task.category]),
    );
    expect(tasks).toEqual({ 'acme/one': 'branch_diverged', 'acme/two': 'changed' });
    expect((await world.pulls('one'))[0]?.head.sha).toBe(reviewed);
    expect(await world.file('one', 'REVIEW', BRANCH)).toBe('a fix\n');
  });

  it('does not propose again what a person closed, unless told to', async () => {
    const world = await worldAfterFirstRun();
    await world.api('mona', 'PATCH', '/repos/acme/one/pulls/1', { state: 'closed' });
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await outcomes(world)).toEqual(['declined', 'changed']);
    expect(await world.pulls('one')).toMatchObject([{ number: 1, state: 'closed' }]);

    await world.comment('mona', '/fleet bump version=2.0 --again');
    expect(await outcomes(world)).toEqual(['changed', 'changed']);
    expect(await world.pulls('one')).toHaveLength(2);
  });

  it('makes a new pull request after a merge when there is a diff again', async () => {
    const world = await worldAfterFirstRun();
    await world.api('mona', 'PUT', '/repos/acme/one/pulls/1/merge', {});
    await world.commit('mona', 'one', 'VERSION', '1.9\n', 'main');
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await outcomes(world)).toEqual(['changed', 'changed']);
    expect((await world.pulls('one')).filter(({ state }) => state === 'open')).toHaveLength(1);
  });

  it('lists an open pull request as obsolete when nothing differs any more, and leaves it open', async () => {
    const world = await worldAfterFirstRun();
    await world.commit('mona', 'one', 'VERSION', '2.0\n', 'main');
    await world.comment('mona', '/fleet bump version=2.0');
    expect((await world.tasks())[0]).toMatchObject({ outcome: 'unchanged', pullRequest: { number: 1 } });
    expect(await world.pulls('one')).toMatchObject([{ state: 'open' }]);
  });
});
