import { expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const CREATIONS = [
  'POST /repos/{owner}/{repo}/issues',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/pulls',
];

async function nodeStarts(world: World): Promise<number> {
  const events = await world.store.read.events.ofFleet((await world.fleet()).id);
  return events.filter(({ event }) => event.type === 'node_started').length;
}

it('waits with what the content budget has no room for, and runs no node twice because of it', async () => {
  const world = await openWorld({
    settings: 'content_budget: { per_minute: 3, per_hour: 100 }',
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) },
    repositories: services('one', 'two', 'three', 'four'),
  });
  const created = () => world.github.requests.count(({ route }) => CREATIONS.includes(route));
  await world.say('mona', '/fleet bump version=2.0');
  world.github.requests.clear();
  await world.settle();
  expect(created()).toBe(3);
  expect((await world.tasks()).some(({ status }) => status === 'queued')).toBe(true);
  expect(await nodeStarts(world)).toBe(4);

  for (let minute = 0; minute < 5; minute += 1) {
    world.github.requests.clear();
    world.clock.move(61_000);
    await world.settle();
    expect(created()).toBeLessThanOrEqual(3);
  }
  expect((await world.tasks()).map((task) => task.outcome ?? task.reason)).toEqual([
    'changed',
    'changed',
    'changed',
    'changed',
  ]);
  expect(await nodeStarts(world)).toBe(4);
  for (const name of ['one', 'two', 'three', 'four']) expect(await world.pulls(name)).toHaveLength(1);
  const [issue] = await world.trackingIssues();
  expect(issue?.state).toBe('closed');
});
