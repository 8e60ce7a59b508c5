import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Reads } from '../../src/store/contract/store.ts';
import { openProcessWorld } from './process-world.ts';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

/** In the second repository it says that it is there, and waits until the gate is open. */
const gated = `
name: gated
inputs: { folder: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
branch: fleet/gated
nodes:
  - id: write
    timeout: 60s
    bash: |
      if [ "$SERVICE_NAME" = service-2 ]; then
        touch "$INPUTS_FOLDER/arrived"
        for wait in $(seq 1000); do [ -e "$INPUTS_FOLDER/gate" ] && break; sleep 0.05; done
      fi
      echo 2.0 > VERSION
`;
const files = workflowFiles({ gated, bump: bump('[{ tag: app }]') });
const NAMES = ['service-1', 'service-2', 'service-3'];

/** Looks again until there is an answer; the test's own timeout is the bound. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What a fleet over the three leaves on GitHub, once. */
async function expectNothingDoubled(world: {
  pulls(repository: string): Promise<unknown[]>;
  trackingIssues(): Promise<{ number: number; state: string }[]>;
  answers(issue: number): Promise<unknown[]>;
}): Promise<void> {
  for (const name of NAMES) expect(await world.pulls(name), name).toMatchObject([{ number: 1, state: 'open' }]);
  const [issue, ...others] = await world.trackingIssues();
  expect(others).toEqual([]);
  expect(issue).toMatchObject({ state: 'closed' });
  expect(await world.answers(1), 'replies to the command').toHaveLength(1);
  expect(await world.answers(issue?.number ?? 0), 'final comments').toHaveLength(1);
}

async function expectEventsWithoutGap(read: Reads): Promise<void> {
  for (const { id, eventSeq } of await read.fleets.all()) {
    const seqs = (await read.events.ofFleet(id)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: eventSeq }, (_, index) => index + 1));
  }
}

describe('a process that is killed between two tasks and started again', () => {
  it('ends the fleet and doubles nothing', async () => {
    const world = await openProcessWorld({ files, repositories: services(...NAMES) });
    const first = await world.startApp();
    await world.comment(`/fleet gated folder=${world.folder}`);

    const read = await world.openReads();
    const before = await eventually(async () => {
      if (!existsSync(join(world.folder, 'arrived'))) return undefined;
      const [fleet] = await read.fleets.all();
      // With all told, nothing is sent before the gate opens: an effect that the kill cut off would wait for its looks.
      const quiet = fleet !== undefined && fleet.reportedSeq >= fleet.eventSeq && world.openEffects() === 0;
      return quiet ? read.tasks.ofFleet(fleet.id) : undefined;
    });
    expect(before.map(({ status, outcome }) => outcome ?? status)).toEqual(['changed', 'running', 'queued']);
    await first.kill();

    const second = await world.startApp();
    writeFileSync(join(world.folder, 'gate'), '');
    const fleet = await eventually(async () => {
      const [found] = await read.fleets.all();
      return found !== undefined && found.endedAt !== null && found.reportedSeq >= found.eventSeq ? found : undefined;
    });
    const after = await read.tasks.ofFleet(fleet.id);
    expect(after.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['changed', 1],
      ['changed', 2],
      ['changed', 1],
    ]);
    expect(world.openEffects()).toBe(0);
    await expectEventsWithoutGap(read);
    await expectNothingDoubled(world);
    expect(await second.stop(), world.log()).toBe(0);
  }, 60_000);
});

describe('a process that is told to stop while a node runs', () => {
  it('lets that node end, ends with status 0, and the next one goes on after it with the same attempt', async () => {
    const world = await openProcessWorld({ files, repositories: services('service-1', 'service-2') });
    const first = await world.startApp();
    await world.comment(`/fleet gated folder=${world.folder}`);
    await eventually(async () => existsSync(join(world.folder, 'arrived')) || undefined);
    const stopped = first.stop();
    await eventually(async () => world.log().includes('stopping: nothing new starts') || undefined);
    writeFileSync(join(world.folder, 'gate'), '');
    expect(await stopped, world.log()).toBe(0);

    const read = await world.openReads();
    const [fleet] = await read.fleets.all();
    const parked = (await read.tasks.ofFleet(fleet?.id ?? '')).at(-1);
    expect(parked).toMatchObject({ status: 'queued', attempt: 1, journal: { nodes: ['write'] } });
    expect(await world.pulls('service-2')).toEqual([]);

    const second = await world.startApp();
    const ended = await eventually(async () => (await read.fleets.all()).find((found) => found.endedAt !== null));
    const tasks = await read.tasks.ofFleet(ended.id);
    expect(tasks.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['changed', 1],
      ['changed', 1],
    ]);
    const started = (await read.events.ofFleet(ended.id)).filter(({ event }) => event.type === 'node_started');
    expect(started, 'no node twice').toHaveLength(2);
    await expectEventsWithoutGap(read);
    expect(await second.stop(), world.log()).toBe(0);
  }, 60_000);
});

describe('a restart', () => {
  it('picks up a command that was only stored', async () => {
    const world = await openWorld({ platform: { files }, repositories: services(...NAMES) });
    await world.say('mona', '/fleet bump version=2.0');
    await world.github.idle();
    expect(await world.fleets()).toEqual([]);
    await world.crashAndRestart();
    await world.settle();
    await expectNothingDoubled(world);
    await expectEventsWithoutGap(world.store.read);
  });

  it('stops a task under way and runs it again', async () => {
    const world = await openWorld({ platform: { files }, repositories: services(...NAMES) });
    await world.say('mona', `/fleet gated folder=${world.meeting}`);
    await world.github.idle();
    // It never resolves: its engine ends in the middle.
    void world.flotilla.engine.tick();
    await eventually(async () => existsSync(join(world.meeting, 'arrived')) || undefined);
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['completed', 'running', 'queued']);
    await world.crashAndRestart();
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['completed', 'queued', 'queued']);
    writeFileSync(join(world.meeting, 'gate'), '');
    await world.settle();
    expect((await world.tasks()).map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['changed', 1],
      ['changed', 2],
      ['changed', 1],
    ]);
    await expectNothingDoubled(world);
    await expectEventsWithoutGap(world.store.read);
  });

  it('keeps a plan that waits for approval', async () => {
    const world = await openWorld({ platform: { files }, repositories: services(...NAMES) });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    await world.crashAndRestart();
    await world.settle();
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed', 'changed']);
    expect(await world.trackingIssues()).toHaveLength(1);
    await expectEventsWithoutGap(world.store.read);
  });
});
