import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/local-github/failure.ts';
import { bump, workflowFiles } from '../workflows.ts';
import type { World } from '../world.ts';
import { asked, BRANCH, ends, openTroubledWorld, pass } from './troubled.ts';

/** GitHub does not take the app's token: each request is made once more, with a fresh one. */

const ISSUES = 'POST /repos/{owner}/{repo}/issues';
const COMMENTS = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const PULLS = 'POST /repos/{owner}/{repo}/pulls';
const MAKE_REF = 'POST /repos/{owner}/{repo}/git/refs';
const LOOK = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
const MINT = 'POST /app/installations/{installation_id}/access_tokens';
const FETCH = 'GET git-info-refs';
const PUSH = 'POST git-receive-pack';
const ALWAYS = 1_000;

function refuse(world: World, failure: Pick<Failure, 'route' | 'path' | 'times'>): void {
  const body = { message: 'Bad credentials' };
  world.github.failures.next({ ...failure, mode: 'status', status: 401, body });
}

describe('a token that expired', () => {
  it('is replaced by one fresh one, for the API and for git', async () => {
    const world = await openTroubledWorld(['one']);
    await world.comment('mona', '/fleet bump version=2.0');
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    const { tokens } = world.github.context.state;
    for (const { id } of tokens.where(({ kind }) => kind === 'installation')) tokens.update(id, { expiresAt: 0 });
    world.github.requests.clear();
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await ends(world)).toEqual(['changed']);
    const refused = world.github.requests.all(({ status }) => status === 401).map(({ route }) => route);
    expect(refused.toSorted()).toEqual([
      'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
      'GET git-info-refs',
      'GET git-info-refs',
    ]);
    expect(asked(world, 'POST /app/installations/{installation_id}/access_tokens')).toBe(3);
    expect(await world.file('one', 'NEW', BRANCH)).toBe('new\n');
  });
});

describe('401 to a creation', () => {
  it('once: it is sent twice, never looked for, and the task is done', async () => {
    const world = await openTroubledWorld(['one']);
    await world.say('mona', '/fleet bump version=2.0');
    refuse(world, { route: ISSUES });
    refuse(world, { route: COMMENTS, path: '/issues/1/' });
    refuse(world, { route: PULLS });
    refuse(world, { route: COMMENTS, path: '/issues/2/' });
    await world.settle();
    await pass(world);
    expect(await ends(world)).toEqual(['changed']);
    expect(await world.trackingIssues()).toMatchObject([{ number: 2, state: 'closed' }]);
    expect([await world.answers(1), await world.answers(2)].map(({ length }) => length)).toEqual([1, 1]);
    const sent = [asked(world, ISSUES), asked(world, COMMENTS, '/issues/1/comments'), asked(world, PULLS)];
    expect([...sent, asked(world, COMMENTS, '/issues/2/comments')]).toEqual([2, 2, 2, 2]);
    const looked = [ISSUES, COMMENTS, PULLS].map((route) => asked(world, route.replace('POST', 'GET')));
    expect(looked).toEqual([0, 0, 0]);
    expect(asked(world, MINT), 'the three of fair weather, and one for each').toBe(3 + 4);
  });
});

describe('401 that lasts', () => {
  it('to the pull request: the task fails as permission, and its branch is taken back', async () => {
    const world = await openTroubledWorld(['one']);
    refuse(world, { route: PULLS, times: ALWAYS });
    await world.comment('mona', '/fleet bump version=2.0');
    await pass(world);
    expect(await ends(world)).toEqual(['failed/permission']);
    expect((await world.tasks())[0]?.reason).toContain('Bad credentials');
    expect(asked(world, PULLS)).toBe(2);
    expect(asked(world, PUSH), 'the branch, and its deletion').toBe(2);
    expect(await world.file('one', 'VERSION', BRANCH)).toBeUndefined();
  });

  it('to the look after a push without an answer: the task fails as permission, and its branch is taken back', async () => {
    const world = await openTroubledWorld(['one']);
    world.github.failures.next({ route: PUSH, mode: 'after' });
    refuse(world, { route: LOOK, times: 2 });
    await world.comment('mona', '/fleet bump version=2.0');
    await pass(world);
    expect(await ends(world)).toEqual(['failed/permission']);
    expect((await world.tasks())[0]?.reason).toMatch(/Bad credentials.* The branch was taken back\.$/);
    expect(await world.file('one', 'VERSION', BRANCH)).toBeUndefined();
    expect(asked(world, LOOK)).toBe(2);
    expect(asked(world, PUSH), 'the branch, and its deletion').toBe(2);
    expect(asked(world, PULLS)).toBe(0);
  });

  it('to a commit by the API: the task fails as permission', async () => {
    const files = workflowFiles({ bump: bump('[{ tag: app }]', 'branch: fleet/bump\npull_request: { commit: api }') });
    const world = await openTroubledWorld(['one'], { platform: { files } });
    refuse(world, { route: MAKE_REF, times: ALWAYS });
    await world.comment('mona', '/fleet bump version=2.0');
    await pass(world);
    expect(await ends(world)).toEqual(['failed/permission']);
    expect(asked(world, MAKE_REF)).toBe(2);
    expect(asked(world, PULLS)).toBe(0);
  });

  it.each([
    { route: FETCH, name: 'the fetch', pushes: 0 },
    { route: PUSH, name: 'the push', pushes: 2 },
  ])('to $name: the task fails as permission', async ({ route, pushes }) => {
    const world = await openTroubledWorld(['one']);
    refuse(world, { route, times: ALWAYS });
    await world.comment('mona', '/fleet bump version=2.0');
    await pass(world);
    expect(await ends(world)).toEqual(['failed/permission']);
    expect(world.github.requests.count(({ route: one, status }) => one === route && status === 401)).toBe(2);
    expect(asked(world, PUSH)).toBe(pushes);
    expect(asked(world, PULLS)).toBe(0);
  });
});
