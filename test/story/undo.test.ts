import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dieBeforeTheAnswer } from './die-before-the-answer.ts';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What a fleet proposed is taken back, but for what people have made their own. */

const BRANCH = 'fleet/bump-2.0';
const COMMAND = '/fleet bump version=2.0';
const PULL = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
const PUSH = 'POST git-receive-pack';
const ASK = `
name: ask
services: [{ tag: app }]
nodes:
  - { id: ok, approval: { message: Go on? } }
`;
const SECOND = 1_000;
const MINUTE = 60_000;

async function given(names: readonly string[], options: WorldOptions = {}): Promise<World> {
  const world = await openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) },
    repositories: services(...names),
    ...options,
  });
  await world.comment('mona', COMMAND);
  return world;
}

const issueNumber = async (world: World) => (await world.trackingIssues())[0]?.number ?? 0;
const bodyOf = async (world: World) => (await world.issue(await issueNumber(world))).body ?? '';
const stateOf = async (world: World, name: string) => (await world.pulls(name)).map(({ state }) => state);
const hasBranch = async (world: World, name: string) => (await world.file(name, 'VERSION', BRANCH)) !== undefined;

/** Whether the pull request is open and its branch there, of each. */
async function left(world: World, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    found.push(`${name} ${(await stateOf(world, name)).join()}${(await hasBranch(world, name)) ? ' with branch' : ''}`);
  }
  return found;
}

/** Of the first fleet, by the repository's name. */
async function undos(world: World): Promise<Record<string, string>> {
  const [fleet] = await world.fleets();
  if (fleet === undefined) throw new Error('There is no fleet.');
  const names = new Map((await world.tasks(fleet)).map(({ id, repository }) => [id, repository.replace('acme/', '')]));
  const rows = await world.store.read.undos.ofFleet(fleet.id);
  return Object.fromEntries(
    rows.map((row) => {
      const why = row.state === 'kept' ? row.reason : row.state === 'undone' ? row.remark : null;
      return [names.get(row.taskId), why === null ? row.state : `${row.state}: ${why}`];
    }),
  );
}

/** On the first fleet's tracking issue, a second after all that has happened. Returns what the app said next. */
async function say(world: World, command: string, login = 'mona'): Promise<string> {
  world.clock.move(SECOND);
  const number = await issueNumber(world);
  const before = (await world.answers(number)).length;
  await world.comment(login, command, { issue: number });
  return (await world.answers(number)).slice(before).join('\n');
}

async function pass(world: World, ms: number): Promise<void> {
  world.clock.move(ms);
  await world.settle();
}

/** As a kill while it works: GitHub has done what it did, and nothing of that is written down. */
function dieWhileUndoing({ store }: World): void {
  const write = store.write.bind(store);
  const killed = () => Promise.reject(new Error('killed'));
  store.write = (work) => write((tx) => work({ ...tx, undos: { ...tx.undos, settle: killed, release: killed } }));
}

async function blobOf(world: World, name: string, path: string): Promise<string> {
  const found = await world.api('mona', 'GET', `/repos/acme/${name}/contents/${path}`);
  return z.object({ sha: z.string() }).parse(found).sha;
}

/** Requests that GitHub counts as creating content. */
const charged = (world: World) =>
  world.github.requests.count(({ route }) => /^(POST|PATCH) .*\/(issues|pulls|comments)/.test(route));

async function undoEvents(world: World): Promise<string[]> {
  const [fleet] = await world.fleets();
  const events = await world.store.read.events.ofFleet(fleet?.id ?? '');
  return events.flatMap(({ event }) => (/undo|pull_request_|branch_deleted/.test(event.type) ? [event.type] : []));
}

describe('an undo', () => {
  it('closes what is ours and deletes its branch, and leaves what was merged or committed to, with the reason', async () => {
    const names = ['closed', 'merged', 'moved', 'one'];
    const world = await given(names);
    expect(await bodyOf(world)).toContain('- `/fleet undo` closes 4 pull requests and deletes the branches');
    await world.commit('mona', 'moved', 'REVIEW', 'a fix\n', BRANCH);
    await world.api('mona', 'PUT', '/repos/acme/merged/pulls/1/merge', {});
    await world.api('mona', 'PATCH', '/repos/acme/closed/pulls/1', { state: 'closed' });
    world.github.requests.clear();

    const answer = await say(world, '/fleet undo');
    expect(answer).toContain(
      'in 4 repositories are being closed, and their branches deleted: acme/closed, acme/merged',
    );
    expect(await left(world, names)).toEqual([
      'closed closed',
      'merged closed with branch',
      'moved open with branch',
      'one closed',
    ]);
    expect(await undos(world)).toEqual({
      closed: 'undone: closed_before',
      merged: 'kept: merged',
      moved: 'kept: moved',
      one: 'undone',
    });
    expect([world.github.requests.count(PULL), world.github.requests.count(PUSH)]).toEqual([1, 2]);
    expect((await undoEvents(world)).toSorted()).toEqual([
      'branch_deleted',
      'branch_deleted',
      'pull_request_kept',
      'pull_request_kept',
      'pull_request_undone',
      'pull_request_undone',
      'undo_requested',
    ]);

    const issue = await world.issue(await issueNumber(world));
    expect(issue.state, 'of a completed fleet it stays closed').toBe('closed');
    expect(issue.body).toMatch(/\[acme\/one\]\([^)]*\) \| ↩️ closed by undo \| \[#1\]\(/);
    expect(issue.body).toMatch(/asked for it on 2026-05-04 09:00 UTC, of 4 pull requests: 2 closed, 2 left as it is/);
    expect(issue.body).toMatch(/\[acme\/merged\]\([^)]*\) \[#1\]\([^)]*\): left as it is\. It was merged/);
    expect(issue.body).toMatch(/\[acme\/moved\]\([^)]*\) \[#1\]\([^)]*\): left as it is\. Its branch has commits that/);
    expect(issue.body, 'only where somebody may have thought again').toContain('`/fleet undo` closes 1 pull request ');
    const ends = (await world.answers(await issueNumber(world))).filter((text) => text.includes('**Completed**'));
    expect(ends, 'it ended once').toHaveLength(1);

    expect(await say(world, '/fleet undo one')).toContain('is undone already, merged or gone');
    await say(world, '/fleet undo');
    expect(await undos(world)).toMatchObject({ moved: 'kept: moved', one: 'undone' });
    expect(world.github.requests.count(PULL), 'nothing is closed twice').toBe(1);
  });

  it('of a glob touches nothing else, whoever may approve may ask for it, and a lost answer asks for nothing twice', async () => {
    const settings = 'approvers: [mona, rita]\n';
    const workflows = workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') });
    const world = await given(['a', 'b', 'c'], {
      users: ['rita', 'paul', 'sam'],
      platform: {
        files: { ...workflows, '.github/fleet.yml': settings },
        collaborators: { paul: 'write', rita: 'read', sam: 'read' },
      },
    });
    expect(await say(world, '/fleet undo', 'paul')).toContain('Only the people under `approvers:`');
    expect(await say(world, '/fleet undo', 'sam'), 'no word to somebody who may not write').toBe('');
    expect(await undos(world)).toEqual({});
    expect(await say(world, '/fleet undo nothing-*', 'rita')).toContain('These have one: acme/a, acme/b, acme/c.');

    dieBeforeTheAnswer(world);
    world.github.requests.clear();
    expect(await say(world, '/fleet undo b', 'rita')).toBe('');
    await pass(world, 6 * SECOND);
    expect((await world.answers(await issueNumber(world))).at(-1)).toContain('in 1 repository are being closed');
    expect(await left(world, ['a', 'b', 'c'])).toEqual(['a open with branch', 'b closed', 'c open with branch']);
    expect(await undoEvents(world)).toEqual(['undo_requested', 'branch_deleted', 'pull_request_undone']);
    const asked = world.github.requests.all().filter(({ path }) => path.includes('/acme/b'));
    expect(asked.slice(0, 6).map(({ route }) => route)).toEqual([
      'GET /repos/{owner}/{repo}',
      'GET /repos/{owner}/{repo}/pulls',
      'GET /repos/{owner}/{repo}/git/ref/{ref}',
      PULL,
      'GET git-info-refs',
      PUSH,
    ]);
    expect(await bodyOf(world)).toContain('[rita](');
  });

  it('is refused while the fleet goes on and where it left nothing, and leaves what a newer fleet has', async () => {
    const files = workflowFiles({ bump: bump('[{ tag: app }]'), ask: ASK });
    const world = await given(['a'], { platform: { files } });
    const [first] = await world.fleets();
    await world.comment('mona', '/fleet plan ask');
    const { id } = await world.fleet();
    expect(await say(world, `/fleet undo ${id}`)).toContain('there is nothing to undo so far');
    await world.comment('mona', `/fleet approve ${id}`);
    expect(await say(world, `/fleet undo ${id}`)).toContain('has not ended');
    await world.comment('mona', `/fleet cancel ${id}`);
    expect(await say(world, `/fleet undo ${id}`)).toContain('has left no pull request');

    await world.comment('mona', COMMAND);
    const newer = await world.fleet();
    await say(world, `/fleet undo ${first?.id}`);
    expect(await undos(world)).toEqual({ a: 'kept: taken' });
    expect(await left(world, ['a'])).toEqual(['a open with branch']);
    await say(world, `/fleet undo ${newer.id}`);
    expect(await left(world, ['a']), 'the newer one kept what the older had opened').toEqual(['a closed']);
  });

  it('reaches what a rerun that failed there has not taken over', async () => {
    const unlessBroken = `
name: bump
inputs: { version: { required: true } }
services: [{ tag: app }]
nodes:
  - { id: write, bash: 'test ! -e broken && echo "$INPUTS_VERSION" > VERSION' }
`;
    const names = ['failed', 'found'];
    const world = await given(names, { platform: { files: workflowFiles({ bump: unlessBroken }) } });
    const [first] = await world.fleets();
    await world.commit('mona', 'failed', 'broken', 'yes\n', 'main');
    // The rerun has nothing to change there any more, and shows the pull request as obsolete.
    await world.commit('mona', 'found', 'VERSION', '2.0\n', 'main');
    await world.comment('mona', COMMAND);
    expect((await world.tasks()).map(({ status, outcome }) => outcome ?? status)).toEqual(['failed', 'unchanged']);

    await say(world, `/fleet undo ${first?.id}`);
    expect(await undos(world)).toEqual({ failed: 'undone', found: 'kept: taken' });
    expect(await left(world, names)).toEqual(['failed closed', 'found open with branch']);
    expect(await bodyOf(world)).toContain('has it as its own result; undo that one');
    await say(world, `/fleet undo ${(await world.fleet()).id}`);
    expect(await left(world, names)).toEqual(['failed closed', 'found closed']);
  });

  it('touches nothing where the person whose permission counts can no longer write', async () => {
    const world = await given(['kept', 'lost']);
    world.demote('mona', 'lost');
    world.clock.move(60 * MINUTE);
    await say(world, '/fleet undo');
    expect(await undos(world)).toEqual({ kept: 'undone', lost: 'kept: permission' });
    expect(await left(world, ['kept', 'lost'])).toEqual(['kept closed', 'lost open with branch']);
    expect(await bodyOf(world)).toMatch(/may write there no longer\. mona can no longer write to acme\/lost/);
  });

  it('leaves a branch that another open pull request shows, and what is gone', async () => {
    const world = await given(['shown', 'gone']);
    await world.branch('shown', 'release');
    const backport = { title: 'Backport', head: BRANCH, base: 'release' };
    await world.api('mona', 'POST', '/repos/acme/shown/pulls', backport);
    world.github.failures.next({ route: 'GET /repos/{owner}/{repo}', path: '/acme/gone', mode: 'status', status: 404 });
    await say(world, '/fleet undo');
    expect(await undos(world)).toEqual({ shown: 'kept: shared', gone: 'kept: gone' });
    expect(await stateOf(world, 'shown')).toEqual(['open', 'open']);
    await world.api('mona', 'PATCH', '/repos/acme/shown/pulls/2', { state: 'closed' });
    await say(world, '/fleet undo shown');
    expect(await undos(world), 'nothing is in its way any more').toMatchObject({ shown: 'undone' });
  });
});

describe('an undo in trouble', () => {
  it('goes on after a crash between closing and deleting, and after one before anything was written down', async () => {
    const world = await given(['a', 'b']);
    world.github.failures.next({ route: PUSH, path: 'acme/a', mode: 'before', status: 502 });
    dieWhileUndoing(world);
    world.github.requests.clear();
    await say(world, '/fleet undo');
    expect(await left(world, ['a', 'b'])).toEqual(['a closed with branch', 'b closed']);
    expect(await undos(world)).toEqual({ a: 'requested', b: 'requested' });
    expect(await bodyOf(world)).toContain('| ↩️ being closed |');
    await world.crashAndRestart();
    await pass(world, SECOND);
    expect(await undos(world)).toEqual({ a: 'undone', b: 'undone' });
    expect(await left(world, ['a', 'b'])).toEqual(['a closed', 'b closed']);
    expect(world.github.requests.count(PULL), 'each is closed once').toBe(2);
    expect((await undoEvents(world)).filter((type) => type === 'pull_request_undone')).toHaveLength(2);
  });

  it('finds what GitHub did without an answer, waits where it did nothing, and meanwhile a rerun waits for it', async () => {
    const world = await given(['closing', 'deleting']);
    world.github.failures.next({ route: PULL, path: 'acme/closing', mode: 'after', status: 502 });
    world.github.failures.next({ route: PUSH, path: 'acme/deleting', mode: 'after', status: 502 });
    world.github.failures.next({ route: PUSH, path: 'acme/closing', mode: 'before', status: 502 });
    await say(world, '/fleet undo');
    expect(await undos(world)).toEqual({ closing: 'requested', deleting: 'requested' });
    expect(await say(world, '/fleet undo')).toContain('It is being undone already');

    await world.comment('mona', COMMAND);
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['queued', 'queued']);
    await pass(world, MINUTE);
    expect(await undos(world)).toEqual({ closing: 'requested', deleting: 'undone' });
    await pass(world, MINUTE);
    expect(await undos(world)).toEqual({ closing: 'undone', deleting: 'undone' });
    expect(
      (await world.tasks()).map(({ outcome }) => outcome),
      'a rerun proposes anew what an undo closed',
    ).toEqual(['changed', 'changed']);
    for (const name of ['closing', 'deleting']) {
      expect((await stateOf(world, name)).toSorted(), name).toEqual(['closed', 'open']);
    }
  });

  it('leaves to somebody what they opened again before its branch was deleted', async () => {
    const world = await given(['one']);
    world.github.failures.next({ route: PUSH, path: 'acme/one', mode: 'before', status: 502 });
    await say(world, '/fleet undo');
    expect(await left(world, ['one'])).toEqual(['one closed with branch']);
    await world.api('mona', 'PATCH', '/repos/acme/one/pulls/1', { state: 'open' });
    await pass(world, MINUTE);
    expect(await undos(world)).toEqual({ one: 'kept: reopened' });
    expect(await left(world, ['one'])).toEqual(['one open with branch']);
    expect(await bodyOf(world)).toContain('opened it again');
    expect(await say(world, '/fleet undo')).toContain('being closed');
    await pass(world, MINUTE);
    expect(await say(world, '/fleet status')).toContain('1 pull request · 1 undone');
  });

  it('gives up after hours of silence and says so; a branch that GitHub keeps is told', async () => {
    const world = await given(['refused', 'silent', 'stuck']);
    const often = { mode: 'before', times: 10_000 } as const;
    world.github.failures.next({ route: PUSH, path: 'acme/refused', mode: 'status', status: 403, times: 10 });
    world.github.failures.next({ route: PULL, path: 'acme/silent', ...often });
    world.github.failures.next({ route: PUSH, path: 'acme/stuck', ...often });
    await say(world, '/fleet undo');
    expect(await undos(world)).toEqual({ refused: 'undone: branch_left', silent: 'requested', stuck: 'requested' });
    for (let sends = 0; sends < 5; sends += 1) await pass(world, 31 * SECOND);
    expect(await undos(world)).toMatchObject({ silent: 'kept: unreachable', stuck: 'requested' });
    await pass(world, 6 * 60 * MINUTE);
    expect(await undos(world)).toMatchObject({ stuck: 'undone: branch_left' });
    expect(await bodyOf(world)).toContain('GitHub did not answer; `/fleet undo` tries it again.');
    expect(await bodyOf(world)).toMatch(
      /\[acme\/stuck\]\([^)]*\) \[#1\]\([^)]*\): closed, but its branch is still there\./,
    );

    world.github.failures.clear();
    await say(world, '/fleet undo');
    const names = ['refused', 'silent', 'stuck'];
    expect(await left(world, names)).toEqual([
      'refused closed with branch',
      'silent closed',
      'stuck closed with branch',
    ]);

    await world.comment('mona', `${COMMAND} --repo refused`);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed']);
    expect((await stateOf(world, 'refused')).toSorted(), 'also from the branch that is still there').toEqual([
      'closed',
      'open',
    ]);
  });

  it('is patient anew after every answer, a limit too', async () => {
    const world = await given(['stuck']);
    world.github.failures.next({ route: PUSH, path: 'acme/stuck', mode: 'before', times: 10_000 });
    await say(world, '/fleet undo');
    await pass(world, 5 * 60 * MINUTE);
    const limit = { status: 429, headers: { 'retry-after': '60' }, body: { message: 'A secondary rate limit.' } };
    world.github.failures.next({ route: 'GET /repos/{owner}/{repo}', path: 'acme/stuck', mode: 'status', ...limit });
    await pass(world, MINUTE);
    await pass(world, 2 * 60 * MINUTE);
    expect(await undos(world), 'seven hours after the first fault').toEqual({ stuck: 'requested' });
    await pass(world, 6 * 60 * MINUTE);
    expect(await undos(world)).toEqual({ stuck: 'undone: branch_left' });
  });

  it("waits for the end of a limit that git's own request meets", async () => {
    const world = await given(['limited']);
    const limit = { status: 403, headers: { 'retry-after': '120' }, body: 'You have exceeded a secondary rate limit.' };
    world.github.failures.next({ route: PUSH, path: 'acme/limited', mode: 'status', ...limit });
    await say(world, '/fleet undo');
    const before = world.github.requests.count();
    await pass(world, MINUTE + 50 * SECOND);
    expect(world.github.requests.count() - before, 'requests within the limit').toBe(0);
    await pass(world, MINUTE);
    expect(await undos(world)).toEqual({ limited: 'undone' });
  });

  it("keeps to GitHub's limits: those that it answers with, and those of the budget", async () => {
    const names = ['a', 'b', 'c'];
    const world = await given(names, { settings: 'content_budget: { per_minute: 4, per_hour: 500 }' });
    for (let minutes = 0; minutes < 3; minutes += 1) await pass(world, MINUTE + SECOND);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed', 'changed']);
    world.github.requests.clear();
    world.github.failures.next({
      route: PULL,
      path: 'acme/a',
      mode: 'status',
      status: 429,
      headers: { 'retry-after': '120' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    });
    await say(world, '/fleet undo');
    const before = world.github.requests.count();
    await pass(world, MINUTE);
    expect(world.github.requests.count(), 'nothing is asked while it is closed').toBe(before);
    for (let minutes = 0; minutes < 5; minutes += 1) {
      const sent = charged(world);
      await pass(world, MINUTE + SECOND);
      expect(charged(world) - sent).toBeLessThanOrEqual(4);
    }
    expect(await undos(world)).toEqual(Object.fromEntries(names.map((name) => [name, 'undone'])));
    const looks = world.github.requests.count('GET /repos/{owner}/{repo}/pulls');
    expect(looks, 'once each, and once more where the limit came between').toBeLessThanOrEqual(6);
    expect(await left(world, names)).toEqual(names.map((name) => `${name} closed`));
    expect(world.github.requests.count(PULL), 'the refused one and three more').toBe(4);
  });
});

describe('after an undo', () => {
  it('a retry runs what had failed and nothing else, and its pull request can be undone too', async () => {
    const failing = bump('[{ tag: app }]').replace('bash: printf', 'bash: test ! -e broken && printf');
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: failing }) },
      repositories: [
        { name: 'fine', topics: ['app'] },
        { name: 'ill', topics: ['app'], files: { VERSION: '1.0\n', broken: '' } },
      ],
    });
    await world.comment('mona', COMMAND);
    await say(world, '/fleet undo');
    expect((await world.issue(await issueNumber(world))).state, 'it stays open, as it failed in part').toBe('open');
    expect(await left(world, ['fine'])).toEqual(['fine closed']);
    expect(await say(world, '/fleet retry fine')).toContain('names nothing of');

    await world.commit('mona', 'ill', 'VERSION', '1.1\n', 'main');
    await world.api('mona', 'DELETE', '/repos/acme/ill/contents/broken', {
      message: 'Mend',
      sha: await blobOf(world, 'ill', 'broken'),
    });
    await say(world, '/fleet retry');
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
    expect(await left(world, ['fine', 'ill'])).toEqual(['fine closed', 'ill open with branch']);
    const body = await bodyOf(world);
    expect(body).toMatch(/\[acme\/fine\]\([^)]*\) \| ↩️ closed by undo/);
    expect(body).toContain('`/fleet undo` closes 1 pull request ');
    await say(world, '/fleet undo');
    expect(await left(world, ['fine', 'ill'])).toEqual(['fine closed', 'ill closed']);
    expect(await bodyOf(world)).toContain('runs it anew and opens new pull requests.');
  });
});
