import { expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const BRANCH = 'fleet/bump-2.0';
const COMMAND = '/fleet bump version=2.0';

/** Named by what happens to each between two runs. */
const NAMES = ['kept', 'moved', 'reviewed', 'closed', 'merged', 'obsolete'];

async function worldAfterFirstRun(): Promise<World> {
  const world = await openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) },
    repositories: services(...NAMES),
  });
  await world.comment('mona', COMMAND);
  return world;
}

/** People work on: on what the first run has proposed, and on what it is based on. */
async function peopleWorkOn(world: World): Promise<void> {
  const commit = (name: string, path: string, text: string, branch = 'main') =>
    world.commit('mona', name, path, text, branch);
  await commit('moved', 'NEW', 'new\n');
  await commit('reviewed', 'REVIEW', 'a fix\n', BRANCH);
  await commit('reviewed', 'NEW', 'new\n');
  await world.api('mona', 'PATCH', '/repos/acme/closed/pulls/1', { state: 'closed' });
  await world.api('mona', 'PUT', '/repos/acme/merged/pulls/1/merge', {});
  await commit('merged', 'VERSION', '1.9\n');
  await commit('obsolete', 'VERSION', '2.0\n');
}

const headOf = async (world: World, name: string) => (await world.pulls(name))[0]?.head.sha;

/** Of the newest fleet, by the repository's name. */
const outcomes = async (world: World) =>
  Object.fromEntries(
    (await world.tasks()).map((task) => [task.repository.replace('acme/', ''), task.outcome ?? task.category]),
  );

it('a rerun does in each repository what the state of its pull request asks for', async () => {
  const world = await worldAfterFirstRun();
  const before = { kept: await headOf(world, 'kept'), moved: await headOf(world, 'moved') };
  await peopleWorkOn(world);
  const reviewed = await headOf(world, 'reviewed');
  await world.comment('mona', COMMAND);
  expect(await world.fleets()).toHaveLength(2);
  expect(await outcomes(world)).toEqual({
    kept: 'changed',
    moved: 'changed',
    reviewed: 'branch_diverged',
    closed: 'declined',
    merged: 'changed',
    obsolete: 'unchanged',
  });

  // The same tree on the same base: nothing is pushed.
  expect(await world.pulls('kept')).toMatchObject([{ number: 1, head: { sha: before.kept } }]);

  // The base moved on: the same pull request is updated.
  const moved = await world.pulls('moved');
  expect(moved).toHaveLength(1);
  expect(moved[0]?.head.sha).not.toBe(before.moved);
  expect(await world.file('moved', 'NEW', BRANCH)).toBe('new\n');
  expect(await world.file('moved', 'VERSION', BRANCH)).toBe('2.0\n');

  // A reviewer's commit on the branch: nothing of it is overwritten.
  expect(await headOf(world, 'reviewed')).toBe(reviewed);
  expect(await world.file('reviewed', 'REVIEW', BRANCH)).toBe('a fix\n');

  // Closed by a person: not proposed again.
  expect(await world.pulls('closed')).toMatchObject([{ number: 1, state: 'closed' }]);

  // Merged, and a diff again: a new pull request.
  expect((await world.pulls('merged')).map(({ state }) => state).sort()).toEqual(['closed', 'open']);

  // Nothing differs any more: listed as obsolete, and left open.
  const obsolete = (await world.tasks()).find(({ repository }) => repository === 'acme/obsolete');
  expect(obsolete).toMatchObject({ outcome: 'unchanged', pullRequest: { number: 1 } });
  expect(await world.pulls('obsolete')).toMatchObject([{ state: 'open' }]);

  // The old tracking issue is closed and links the new one.
  const [older, newer] = await world.trackingIssues();
  expect(older?.state).toBe('closed');
  expect(older?.body).toMatch(/superseded by/i);
  expect(older?.body).toContain(`/issues/${newer?.number}`);

  await world.comment('mona', `${COMMAND} --again --repo closed`);
  expect(await outcomes(world), 'what a person closed is proposed again when told to').toEqual({ closed: 'changed' });
  expect(await world.pulls('closed')).toHaveLength(2);
}, 120_000);
