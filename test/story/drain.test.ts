import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tx } from '../../src/store/contract/store.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What SIGTERM does to tasks under way: the process stops, and the next one goes on where they stood. */

/** `first` ends at once; `long` waits for the test, with a child in its process group; `last` follows. */
const LONG = `
name: bump
services: [{ tag: app }]
nodes:
  - { id: first, bash: echo 1 >> VERSION }
  - id: long
    bash: |
      mark="600.$RANDOM$RANDOM"; sleep "$mark" & echo "$mark" > "$HOME/child"
      touch "$HOME/arrived"
      for wait in $(seq 1000); do [ -e "$HOME/go" ] && break; sleep 0.05; done
      kill %1
      echo 2 >> VERSION
    depends_on: [first]
  - { id: last, bash: echo 3 >> VERSION, depends_on: [long] }
`;
const GRACE_MS = 30_000;

async function underWay(options: WorldOptions = {}): Promise<{ world: World; home: string }> {
  const platform = { files: workflowFiles({ bump: LONG }) };
  const world = await openWorld({ platform, repositories: services('one'), ...options });
  await world.say('mona', '/fleet bump');
  await world.github.idle();
  // It never resolves: its engine ends in the middle.
  void world.flotilla.engine.tick();
  const home = async () => join((await world.tasks())[0]?.workspace ?? '', 'home');
  await expect.poll(async () => existsSync(join(await home(), 'arrived')), { timeout: 20_000 }).toBe(true);
  return { world, home: await home() };
}

async function events(world: World, kind: RegExp): Promise<string[]> {
  const all = await world.store.read.events.ofFleet((await world.fleet()).id);
  return all.flatMap(({ event }) => {
    if (!kind.test(event.type)) return [];
    return [`${event.type}${'node' in event ? ` ${event.node}` : ''}${'reason' in event ? `: ${event.reason}` : ''}`];
  });
}

/** Restarts, lets every further node end at once, and lets all happen. */
async function goOn(world: World): Promise<void> {
  await world.crashAndRestart();
  const settled = world.settle();
  const open = async () => {
    for (const { workspace } of await world.tasks()) {
      if (workspace !== null && existsSync(join(workspace, 'home'))) writeFileSync(join(workspace, 'home', 'go'), '');
    }
  };
  const opening = setInterval(() => void open(), 50);
  await settled.finally(() => clearInterval(opening));
}

/** A process in a box has another number out here: it is known by its arguments. */
const lives = (mark: string): boolean =>
  readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && textOf(`/proc/${pid}/cmdline`) === `sleep\0${mark}\0`);

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

describe('a drain', () => {
  it('lets the node that runs end, starts nothing more, and the task goes on after it with the same attempt', async () => {
    const { world, home } = await underWay();
    const drained = world.flotilla.engine.drain(GRACE_MS);
    writeFileSync(join(home, 'go'), '');
    await drained;
    expect(await world.tasks()).toMatchObject([{ status: 'queued', journal: { nodes: ['first', 'long'] } }]);
    expect(await events(world, /node_started|requeued/)).toEqual([
      'node_started first',
      'node_started long',
      'task_requeued: The server is stopping.',
    ]);
    expect(await world.pulls('one')).toEqual([]);

    await goOn(world);
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 1 }]);
    expect(await events(world, /node_started/), 'no node twice').toHaveLength(3);
    expect(await world.file('one', 'VERSION', 'fleet/bump')).toBe('1.0\n1\n2\n3\n');
  });

  it('kills what outlives its grace with all that it started; without a journal a new attempt begins', async () => {
    const { world, home } = await underWay();
    const child = readFileSync(join(home, 'child'), 'utf8').trim();
    expect(lives(child)).toBe(true);
    await world.flotilla.engine.drain(50);
    expect(lives(child)).toBe(false);
    expect(await world.tasks()).toMatchObject([{ status: 'queued', journal: null }]);
    expect(await events(world, /requeued/)).toEqual(['task_requeued: The server is stopping.']);
    await goOn(world);
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 2 }]);
    expect(await world.file('one', 'VERSION', 'fleet/bump')).toBe('1.0\n1\n2\n3\n');
  });

  it('kills what outlives its grace, and the task goes on from its last journal', async () => {
    const { world } = await underWay({ journalAfterMs: 0 });
    await world.flotilla.engine.drain(50);
    expect(await world.tasks()).toMatchObject([{ status: 'queued', journal: { nodes: ['first'] } }]);
    await goOn(world);
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 1 }]);
    expect(await events(world, /node_started/)).toEqual(
      ['first', 'long', 'long', 'last'].map((id) => `node_started ${id}`),
    );
    expect(await world.file('one', 'VERSION', 'fleet/bump')).toBe('1.0\n1\n2\n3\n');
  });
});

const SHORT = `
name: bump
services: [{ tag: app }]
nodes:
  - { id: write, bash: echo 2.0 > VERSION }
`;

/** Drains before or after the task has begun to publish, and waits for it. */
async function drainAtPublishing(world: World, moment: 'before' | 'after'): Promise<void> {
  const { store } = world;
  const write = store.write.bind(store);
  const drained = Promise.withResolvers<void>();
  const drain = () => void world.flotilla.engine.drain(GRACE_MS).then(drained.resolve, drained.reject);
  const watched = (tx: Tx, entered: () => void): Tx => ({
    ...tx,
    tasks: {
      ...tx.tasks,
      enterPublishing(...given) {
        entered();
        return tx.tasks.enterPublishing(...given);
      },
    },
  });
  store.write = async (work) => {
    let begins = false;
    const value = await write((tx) => work(watched(tx, () => (begins = true))));
    if (begins && moment === 'after') drain();
    return value;
  };
  if (moment === 'before') {
    store.read.pushes.ofBranch = (
      (ofBranch) =>
      (...given) => {
        drain();
        return ofBranch(...given);
      }
    )(store.read.pushes.ofBranch);
  }
  await world.say('mona', '/fleet bump');
  await world.github.idle();
  void world.flotilla.engine.tick();
  await drained.promise;
}

describe('a drain while a task publishes', () => {
  it('lets it make its pull request', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: SHORT }) },
      repositories: services('one'),
    });
    await drainAtPublishing(world, 'after');
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 1 }]);
    expect(await world.pulls('one')).toMatchObject([{ number: 1, state: 'open' }]);
  });

  it('pushes nothing where it had only been about to, and does so after the restart without a node', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: SHORT }) },
      repositories: services('one'),
    });
    await drainAtPublishing(world, 'before');
    expect(await world.tasks()).toMatchObject([
      { status: 'queued', publishingAt: null, journal: { nodes: ['write'] } },
    ]);
    expect(await world.file('one', 'VERSION', 'fleet/bump')).toBeUndefined();
    await world.crashAndRestart();
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 1 }]);
    expect(await events(world, /node_started/)).toEqual(['node_started write']);
    expect(await world.file('one', 'VERSION', 'fleet/bump')).toBe('2.0\n');
  });
});
