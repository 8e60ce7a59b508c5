import { expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const MINUTE = 60_000;
const CHARGED = [
  'POST /repos/{owner}/{repo}/issues',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'POST /repos/{owner}/{repo}/pulls',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
];

const charged = (world: World) => world.github.requests.count(({ route }) => CHARGED.includes(route));

/** Events of the newest fleet, each with its task's repository without the owner. */
async function history(world: World, types: readonly string[]): Promise<string[]> {
  const repositories = new Map((await world.tasks()).map((task) => [task.id, task.repository.split('/')[1]]));
  const events = await world.store.read.events.ofFleet((await world.fleet()).id);
  return events.flatMap(({ event }) =>
    types.includes(event.type)
      ? [`${event.type} ${'taskId' in event ? repositories.get(event.taskId ?? '') : ''}`]
      : [],
  );
}

/** Lets time pass in steps of a minute until the fleet ended; returns how many requests of the budget each made. */
async function passMinutes(world: World, atMost: number): Promise<number[]> {
  const counts: number[] = [];
  while (counts.length < atMost && ((await world.fleet()).endedAt === null || counts.length < 2)) {
    world.github.requests.clear();
    world.clock.move(MINUTE + 1_000);
    await world.settle();
    counts.push(charged(world));
  }
  return counts;
}

it('waits with what the content budget has no room for, and runs no node twice because of it', async () => {
  const world = await openWorld({
    settings: 'content_budget: { per_minute: 3, per_hour: 100 }',
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) },
    repositories: services('one', 'two', 'three', 'four'),
  });
  await world.say('mona', '/fleet bump version=2.0');
  world.github.requests.clear();
  await world.settle();
  expect(charged(world)).toBe(3);
  expect((await world.tasks()).some(({ status }) => status === 'queued')).toBe(true);
  expect(await history(world, ['node_started'])).toHaveLength(4);

  expect(Math.max(...(await passMinutes(world, 10)))).toBeLessThanOrEqual(3);
  expect((await world.tasks()).map((task) => task.outcome ?? task.reason)).toEqual([
    'changed',
    'changed',
    'changed',
    'changed',
  ]);
  expect(await history(world, ['node_started'])).toHaveLength(4);
  for (const name of ['one', 'two', 'three', 'four']) expect(await world.pulls(name)).toHaveLength(1);
  await passMinutes(world, 3);
  const [issue] = await world.trackingIssues();
  expect(issue?.state).toBe('closed');
}, 60_000);

it('takes up each paced task once, at its own time, and each pull request links the tracking issue', async () => {
  const names = Array.from({ length: 6 }, (_, index) => `s${String(index).padStart(2, '0')}`);
  const world = await openWorld({
    settings: 'content_budget: { per_minute: 3, per_hour: 500 }\ncaps: { system: 8, per_user: 8 }',
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) },
    repositories: services(...names),
  });
  await world.comment('mona', '/fleet bump version=2.0');
  const reads = () => world.github.requests.count(({ route }) => route.startsWith('GET /'));
  const before = reads();
  expect(Math.max(...(await passMinutes(world, 20)))).toBeLessThanOrEqual(3);
  expect(reads() - before).toBeLessThanOrEqual(names.length);
  expect((await world.tasks()).every(({ outcome }) => outcome === 'changed')).toBe(true);
  expect((await history(world, ['task_started'])).length).toBeLessThanOrEqual(2 * names.length);
  const link = (await world.fleet()).trackingIssue?.url ?? 'no tracking issue';
  for (const name of names) expect((await world.pulls(name))[0]?.body).toContain(link);
}, 60_000);

it('runs a sequential fleet one after another although each has to wait for its pull request', async () => {
  const world = await openWorld({
    settings: 'content_budget: { per_minute: 2, per_hour: 500 }',
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
    repositories: services('a', 'b', 'c'),
  });
  await world.comment('mona', '/fleet bump version=2.0');
  await passMinutes(world, 12);
  expect(await history(world, ['node_started', 'task_completed'])).toEqual([
    'node_started a',
    'task_completed a',
    'node_started b',
    'task_completed b',
    'node_started c',
    'task_completed c',
  ]);
}, 60_000);

it('gives a pull request up that GitHub never answers, and the fleet ends', async () => {
  const world = await openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
    repositories: services('one'),
  });
  const route = 'POST /repos/{owner}/{repo}/pulls';
  world.github.failures.next({ route, mode: 'before', times: 1_000 });
  await world.comment('mona', '/fleet bump version=2.0');
  for (let step = 0; step < 30 && (await world.fleet()).endedAt === null; step += 1) {
    world.clock.move(31_000);
    await world.settle();
  }
  expect(world.github.requests.count(route)).toBe(5);
  expect(await world.tasks()).toMatchObject([
    { status: 'failed', category: 'pull_request', reason: expect.stringContaining('never answered') },
  ]);
}, 60_000);
