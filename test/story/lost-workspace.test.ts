import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkEvents } from '../faults/check-events.ts';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

/** A task has begun to publish when its workspace is lost, as with a restored backup, which holds none. */

const BRANCH = 'fleet/bump-2.0';
const PUSH = 'POST git-receive-pack';
const MINUTE = 60_000;

/** What became of the push that had no answer. */
type Push = 'before' | 'after';

/** Waits in the middle of publishing, and its workspace and mirror are gone. */
async function lost(push: Push, command = '/fleet bump version=2.0'): Promise<World> {
  const world = await openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
    repositories: services('one'),
  });
  if (command.includes('--preview')) {
    await world.comment('mona', command);
    world.clock.move(MINUTE);
    world.github.failures.next({ route: PUSH, mode: push });
    await world.comment('mona', '/fleet publish');
  } else {
    world.github.failures.next({ route: PUSH, mode: push });
    await world.comment('mona', command);
  }
  expect(await world.tasks()).toMatchObject([{ status: 'queued', publishingAt: expect.any(Number) }]);
  await world.crash();
  for (const folder of ['workspaces', 'mirrors']) rmSync(join(world.folder, 'data', folder), { recursive: true });
  await world.restart();
  return world;
}

async function goOn(world: World): Promise<void> {
  world.clock.move(MINUTE);
  await world.settle();
  world.clock.move(MINUTE);
  await world.settle();
}

const branches = async (world: World) => {
  const listed = await world.api('mona', 'GET', '/repos/acme/one/branches');
  return z
    .array(z.object({ name: z.string() }))
    .parse(listed)
    .map(({ name }) => name);
};

/** One push, one pull request, and a log in which each thing may follow on the one before. */
async function expectOnce(world: World, { runs }: { runs: number }): Promise<void> {
  const fleet = await world.fleet();
  const tasks = await world.tasks();
  expect(tasks).toMatchObject([{ status: 'completed', outcome: 'changed', attempt: runs }]);
  expect(await world.pulls('one')).toMatchObject([{ number: 1, state: 'open', head: { ref: BRANCH } }]);
  expect(await world.file('one', 'VERSION', BRANCH)).toBe('2.0\n');
  const log = await world.store.read.events.ofFleet(fleet.id);
  expect(log.filter(({ event }) => event.type === 'branch_pushed')).toHaveLength(1);
  expect(log.filter(({ event }) => event.type === 'node_started')).toHaveLength(runs);
  expect(checkEvents(log, { eventSeq: fleet.eventSeq, ended: fleet.endedAt !== null, tasks })).toEqual([]);
}

describe('a task that lost its workspace while it published', () => {
  it('makes its pull request where its push has landed, and runs nothing again', async () => {
    const world = await lost('after');
    await goOn(world);
    await expectOnce(world, { runs: 1 });
    expect(world.github.requests.count(PUSH)).toBe(1);
  });

  it('begins anew where nothing was pushed', async () => {
    const world = await lost('before');
    await goOn(world);
    await expectOnce(world, { runs: 2 });
  });

  it('begins anew only when a push that was killed can no longer land', async () => {
    const world = await lost('before');
    const [task] = await world.tasks();
    await world.store.write(async (tx) => {
      const [row] = await tx.pushes.ofTask(task?.id ?? '');
      const held = await tx.tasks.start(task?.id ?? '', world.clock.now() + MINUTE, world.clock.now() + 2 * MINUTE);
      if (row === undefined || held === undefined) throw new Error('The task was not pushed.');
      await tx.pushes.intend(held, { ...row, id: 'u-late', sha: 'f'.repeat(40), at: world.clock.now() + MINUTE });
      await tx.tasks.requeue(held, 'killed', 0, world.clock.now());
    });
    world.clock.move(MINUTE);
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ status: 'queued', attempt: 1, publishingAt: expect.any(Number) }]);
    await goOn(world);
    await expectOnce(world, { runs: 2 });
  });

  it('takes up the pull request that the backup did not know', async () => {
    const world = await lost('after');
    const pull = { title: 'Bump', head: BRANCH, base: 'main', body: 'as it was' };
    await world.api('mona', 'POST', '/repos/acme/one/pulls', pull);
    await goOn(world);
    await expectOnce(world, { runs: 1 });
    expect((await world.pulls('one'))[0]?.body).toContain('where all its pull requests are listed');
  });

  it('opens none again that a person closed meanwhile', async () => {
    const world = await lost('after');
    await world.api('mona', 'POST', '/repos/acme/one/pulls', { title: 'Bump', head: BRANCH, base: 'main', body: '' });
    await world.api('mona', 'PATCH', '/repos/acme/one/pulls/1', { state: 'closed' });
    await goOn(world);
    expect(await world.tasks()).toMatchObject([{ outcome: 'declined', attempt: 2 }]);
    expect(await world.pulls('one')).toMatchObject([{ number: 1, state: 'closed' }]);
    expect(world.github.requests.count(PUSH)).toBe(1);
  });

  it('finishes its pull request after a cancel where its push has landed', async () => {
    const world = await lost('after');
    await world.comment('mona', '/fleet cancel');
    await goOn(world);
    await expectOnce(world, { runs: 1 });
  });

  it('is cancelled where nothing was pushed, and leaves nothing behind', async () => {
    const world = await lost('before');
    await world.comment('mona', '/fleet cancel');
    await goOn(world);
    expect(await world.tasks()).toMatchObject([{ status: 'cancelled', category: 'cancelled', attempt: 1 }]);
    expect(await branches(world)).toEqual(['main']);
    expect(await world.pulls('one')).toEqual([]);
  });

  it('runs again what a preview prepared, and says so', async () => {
    const world = await lost('before', '/fleet bump version=2.0 --preview');
    await goOn(world);
    await expectOnce(world, { runs: 2 });
    expect((await world.tasks())[0]?.reason).toContain('The workspace of the preview is gone');
  });
});
