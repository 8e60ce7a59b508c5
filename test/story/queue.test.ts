import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

/** What the tracking issues tell those who wait for others. */

const MINUTE = 60_000;
const workflow = (name: string) => `
name: ${name}
inputs: { folder: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: ${name} }]
parallel: true
nodes:
  - { id: meet, bash: 'until test -e "$INPUTS_FOLDER/$SERVICE_NAME"; do sleep 0.05; done' }
`;
const repository = (name: string, tag: string) => ({
  name,
  topics: [tag],
  collaborators: { mona: 'write', hubot: 'write' } as const,
});

/** Outcome cells of the queued rows of a fleet's tracking issue. */
async function queued(world: World, fleet: number): Promise<string[]> {
  const body = (await world.trackingIssues())[fleet]?.body ?? '';
  return [...body.matchAll(/\| 🕓 ([^|]*?) \|/g)].map(([, cell]) => cell ?? '');
}

it('tells each who waits their place among all fleets and when it is their turn, and that nobody knows before a task has ended', async () => {
  const world = await openWorld({
    users: ['hubot'],
    settings: 'caps: { system: 1, per_user: 1 }\n',
    platform: {
      collaborators: { hubot: 'write' },
      files: workflowFiles({ one: workflow('one'), two: workflow('two') }),
    },
    repositories: [
      ...['a', 'b', 'c'].map((name) => repository(name, 'one')),
      ...['d', 'e'].map((name) => repository(name, 'two')),
    ],
  });
  const letGoOn = (name: string) => writeFileSync(join(world.meeting, name), '');
  const running = async () => (await world.store.read.tasks.running()).map((task) => task.repository);

  await world.say('mona', `/fleet one folder=${world.meeting}`);
  const settled = world.settle();
  await expect.poll(running, { timeout: 20_000 }).toEqual(['acme/a']);
  // The issue was written before the first task started; whether it was again by now is a matter of moments.
  const waiting = (await queued(world, 0)).filter((cell) => cell !== 'queued, 1st of 3, starts next');
  expect([
    ['queued, 2nd of 3, no estimate yet', 'queued, 3rd of 3, no estimate yet'],
    ['queued, 1st of 2, no estimate yet', 'queued, 2nd of 2, no estimate yet'],
  ]).toContainEqual(waiting);

  world.clock.move(10 * MINUTE);
  letGoOn('a');
  await expect.poll(running, { timeout: 20_000 }).toEqual(['acme/b']);
  await world.say('hubot', `/fleet two folder=${world.meeting}`);
  await expect.poll(() => queued(world, 1), { timeout: 20_000 }).toHaveLength(2);
  expect(await queued(world, 1)).toEqual([
    'queued, 1st of 2, behind 1 of other fleets, at about 09:30 UTC',
    'queued, 2nd of 2, behind 1 of other fleets, at about 09:40 UTC',
  ]);
  expect((await world.trackingIssues())[1]?.body).toContain('the queue is done at about 09:50 UTC');

  for (const name of ['b', 'c', 'd', 'e']) letGoOn(name);
  await settled;
  await world.settle();
  for (const fleet of await world.fleets()) {
    expect((await world.tasks(fleet)).map(({ outcome }) => outcome)).not.toContain(null);
  }
}, 60_000);
