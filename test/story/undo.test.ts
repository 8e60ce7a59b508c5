import { describe, expect, it } from 'vitest';
import { dieBeforeTheAnswer } from './die-before-the-answer.ts';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What a fleet proposed is taken back, but for what people have made their own. */

const BRANCH = 'fleet/bump-2.0';
const COMMAND = '/fleet bump version=2.0';
const PULL = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
const PUSH = 'POST git-receive-pack';
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

async function undoEvents(world: World): Promise<string[]> {
  const [fleet] = await world.fleets();
  const events = await world.store.read.events.ofFleet(fleet?.id ?? '');
  return events.flatMap(({ event }) => (/undo|pull_request_/.test(event.type) ? [event.type] : []));
}

describe('an undo', () => {
  it('closes what is ours and deletes its branch, and leaves what was merged or committed to, with the reason', async () => {
    const names = ['closed', 'merged', 'moved', 'one', 'two'];
    const world = await given(names);
    expect(await bodyOf(world)).toContain('- `/fleet undo` closes what was not merged of 5 pull requests');
    await world.commit('mona', 'moved', 'REVIEW', 'a fix\n', BRANCH);
    await world.api('mona', 'PUT', '/repos/acme/merged/pulls/1/merge', {});
    await world.api('mona', 'PATCH', '/repos/acme/closed/pulls/1', { state: 'closed' });
    world.github.requests.clear();

    const answer = await say(world, '/fleet undo');
    expect(answer).toContain('in 5 repositories are closed and their branches deleted: acme/closed, acme/merged');
    expect(await left(world, names)).toEqual([
      'closed closed',
      'merged closed with branch',
      'moved open with branch',
      'one closed',
      'two closed',
    ]);
    expect(await undos(world)).toEqual({
      closed: 'undone: closed_before',
      merged: 'kept: merged',
      moved: 'kept: moved',
      one: 'undone',
      two: 'undone',
    });
    expect([world.github.requests.count(PULL), world.github.requests.count(PUSH)]).toEqual([2, 3]);
    expect((await undoEvents(world)).toSorted()).toEqual([
      'pull_request_kept',
      'pull_request_kept',
      'pull_request_undone',
      'pull_request_undone',
      'pull_request_undone',
      'undo_requested',
    ]);

    const issue = await world.issue(await issueNumber(world));
    expect(issue.state, 'of a completed fleet it stays closed').toBe('closed');
    expect(issue.body).toMatch(/\[acme\/one\]\([^)]*\) \| ↩️ closed by undo \| \[#1\]\(/);
    expect(issue.body).toMatch(/asked for it on 2026-05-04 09:00 UTC, of 5 pull requests: 3 closed, 2 left as it is/);
    expect(issue.body).toMatch(/\[acme\/merged\]\([^)]*\) \[#1\]\([^)]*\): left as it is\. It was merged/);
    expect(issue.body).toMatch(/\[acme\/moved\]\([^)]*\) \[#1\]\([^)]*\): left as it is\. Its branch has commits that/);
    expect(issue.body, 'only where somebody may have thought again').toContain('not merged of 1 pull request ');
    const ends = (await world.answers(await issueNumber(world))).filter((text) => text.includes('**Completed**'));
    expect(ends, 'it ended once').toHaveLength(1);

    expect(await say(world, '/fleet undo one')).toContain('is undone already, merged or gone');
    await say(world, '/fleet undo');
    expect(await undos(world)).toMatchObject({ moved: 'kept: moved', one: 'undone' });
    expect(world.github.requests.count(PULL), 'nothing is closed twice').toBe(2);
  });
});
