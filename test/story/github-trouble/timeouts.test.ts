import { describe, expect, it } from 'vitest';
import type { World } from '../world.ts';
import { ends, expectAsked, openTroubledWorld, pass, tally } from './troubled.ts';

/** What GitHub never answers is cut, then asked or looked for again; the waits are shortened here, never skipped. */

const REF = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
const PULLS = 'GET /repos/{owner}/{repo}/pulls';
const PERMISSION = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
const OPEN_PULL = 'POST /repos/{owner}/{repo}/pulls';
const MINT = 'POST /app/installations/{installation_id}/access_tokens';
const REPOSITORY = 'GET /repos/{owner}/{repo}';
const GRAPHQL = 'POST /graphql';
const INFO_REFS = 'GET git-info-refs';
const FETCH = 'POST git-upload-pack';
const PUSH = 'POST git-receive-pack';
const EDIT_ISSUE = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
const EDIT_PULL = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
const ALWAYS = 1_000;

const openImpatientWorld = () =>
  openTroubledWorld(['one'], { requestTimeoutMs: 1_000, settings: 'effects: { git_timeout: 2s }' });

/** A plan that was made in fair weather; from here on what a test scripted happens to its one task. */
async function openPlannedWorld(): Promise<World> {
  const world = await openImpatientWorld();
  await world.comment('mona', '/fleet bump version=2.0 --plan');
  world.github.requests.clear();
  return world;
}

async function approve(world: World): Promise<void> {
  await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
  await pass(world);
}

/** From the approval to the end, all that the app asks in fair weather. */
const FAIR = {
  // Who approves, the workflow and the settings as they are now, and the targets.
  [PERMISSION]: 1,
  [REPOSITORY]: 1,
  'GET /repos/{owner}/{repo}/contents/{path}': 2,
  'GET /installation/repositories': 1,
  // For the targets, and for the task.
  [GRAPHQL]: 2,
  // The reaction, the reply and the comment at the end; the tracking issue's body twice.
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': 1,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': 2,
  [EDIT_ISSUE]: 2,
  // One token for fetching, one for pushing.
  [MINT]: 2,
  // For the fetch and for the push.
  [INFO_REFS]: 2,
  [FETCH]: 1,
  // Who the app is.
  'GET /app': 1,
  'GET /app/installations': 1,
  'GET /users/{username}': 1,
  [PUSH]: 1,
  [OPEN_PULL]: 1,
};

/** What a task no longer asks that failed before its push. */
const WITHOUT_PUSH = {
  [MINT]: 1,
  'GET /app': 0,
  'GET /app/installations': 0,
  'GET /users/{username}': 0,
  [PUSH]: 0,
  [OPEN_PULL]: 0,
};

it('in fair weather nothing is asked twice', async () => {
  const world = await openPlannedWorld();
  await approve(world);
  expect(await ends(world)).toEqual(['changed']);
  expectAsked(world, FAIR);
});

describe('a fetch without an answer', () => {
  it.each([
    { route: INFO_REFS, times: 1, more: { [INFO_REFS]: 3 } },
    // git asks for the references again before it asks for the pack again.
    { route: FETCH, times: 2, more: { [INFO_REFS]: 4, [FETCH]: 3 } },
  ])('($route, $times) is made again, and the task is done', async ({ route, times, more }) => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route, mode: 'timeout', times });
    await approve(world);
    expect(await ends(world)).toEqual(['changed']);
    expectAsked(world, FAIR, { ...more });
  });

  it('that never comes ends the task as network, after three', async () => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route: INFO_REFS, mode: 'timeout', times: ALWAYS });
    await approve(world);
    expect(await ends(world)).toEqual(['failed/network']);
    expectAsked(world, FAIR, { ...WITHOUT_PUSH, [INFO_REFS]: 3, [FETCH]: 0 });
  });
});

describe('a push without an answer', () => {
  /** The branch and its pull requests are looked at once, and where the control repository's number is asked again. */
  const LOOK = { [REF]: 1, [PULLS]: 1, [REPOSITORY]: 2, [EDIT_ISSUE]: 4 };

  it('that landed is found by one look, and the task is done', async () => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route: PUSH, mode: 'timeout' });
    await approve(world);
    expect(await ends(world)).toEqual(['changed']);
    expectAsked(world, FAIR, { ...LOOK });
  });

  it('that had not begun is made again after one look, and the task is done', async () => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route: INFO_REFS, path: 'git-receive-pack', mode: 'timeout' });
    await approve(world);
    expect(await ends(world)).toEqual(['changed']);
    expectAsked(world, FAIR, { ...LOOK, [INFO_REFS]: 3 });
  });
});

describe('a read without an answer', () => {
  /** What REST is asked for in the place of both queries: whether the person may push, and where the base is. */
  const BY_REST = { [GRAPHQL]: 6, [PERMISSION]: 2, [REF]: 1 };

  it('by GraphQL is made again, and the task is done', async () => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route: GRAPHQL, mode: 'timeout', times: 2 });
    await approve(world);
    expect(await ends(world)).toEqual(['changed']);
    expectAsked(world, FAIR, { [GRAPHQL]: 4 });
  });

  it('by GraphQL that never comes is made by REST after three, and the task is done', async () => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route: GRAPHQL, mode: 'timeout', times: ALWAYS });
    await approve(world);
    expect(await ends(world)).toEqual(['changed']);
    // The target, the control repository, and its branches: all that one query tells.
    expectAsked(world, FAIR, { ...BY_REST, [REPOSITORY]: 4, [REF]: 2, [PULLS]: 1, [INFO_REFS]: 3, [FETCH]: 3 });
  });

  it('by REST is made again, and the task is done', async () => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route: PERMISSION, mode: 'timeout', times: 2 });
    await approve(world);
    expect(await ends(world)).toEqual(['changed']);
    expectAsked(world, FAIR, { [PERMISSION]: 3 });
  });

  it('by REST that never comes ends the task as network, after three', async () => {
    const world = await openPlannedWorld();
    // Of a target REST is asked where GraphQL has no answer.
    world.github.failures.next({ route: GRAPHQL, mode: 'before', times: ALWAYS });
    world.github.failures.next({ route: REPOSITORY, path: '/acme/one', mode: 'timeout', times: ALWAYS });
    await approve(world);
    expect(await ends(world)).toEqual(['failed/network']);
    expectAsked(world, {
      ...FAIR,
      ...WITHOUT_PUSH,
      ...BY_REST,
      [REPOSITORY]: 4,
      [MINT]: 0,
      [INFO_REFS]: 0,
      [FETCH]: 0,
    });
  });
});

describe('an edit without an answer', () => {
  /** A rerun on a base that moved: its pull request is there, and its text is written anew. */
  async function rerun(times: number): Promise<World> {
    const world = await openImpatientWorld();
    await world.comment('mona', '/fleet bump version=2.0');
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    world.github.failures.next({ route: EDIT_PULL, mode: 'timeout', times });
    world.github.requests.clear();
    await world.comment('mona', '/fleet bump version=2.0');
    await pass(world);
    return world;
  }

  it('of a pull request is sent again without a look, and the task is done', async () => {
    const world = await rerun(1);
    expect(await ends(world)).toEqual(['changed']);
    // The look of every rerun, before its push.
    expect(tally(world)).toMatchObject({ [EDIT_PULL]: 2, [PULLS]: 1, [REF]: 1, [PUSH]: 1 });
  });

  it('of a pull request that never comes ends the task as pull_request, after five', async () => {
    const world = await rerun(ALWAYS);
    expect(await ends(world)).toEqual(['failed/pull_request']);
    expect(tally(world)).toMatchObject({ [EDIT_PULL]: 5, [PULLS]: 1, [REF]: 1, [PUSH]: 1 });
  });

  it('of the tracking issue is sent again without a look, and holds no task up', async () => {
    const world = await openPlannedWorld();
    world.github.failures.next({ route: EDIT_ISSUE, mode: 'timeout' });
    await approve(world);
    expect(await ends(world)).toEqual(['changed']);
    expect(await world.issue(2)).toMatchObject({ state: 'closed', body: expect.stringContaining('Completed') });
    expectAsked(world, FAIR, { [EDIT_ISSUE]: 3 });
  });
});
