import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

/** What becomes of the data directory when it has less room than people would like. Sizes are real; the quotas are small. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FILL = 'head -c 3000000 /dev/urandom > "$HOME/filled"';
const filling = (rest: string) => `
name: fill
services: [{ tag: app }]
nodes:
${rest}
`;
const FAILS = filling(`  - { id: fill, bash: '${FILL}; test -e mended && echo 2.0 > VERSION' }`);
const WAITS = filling(`  - { id: fill, bash: '${FILL}; echo 2.0 > VERSION' }
  - { id: ask, approval: { message: "Go on?" }, depends_on: [fill] }`);
const RUNS = filling(`  - { id: fill, bash: '${FILL}; touch "$HOME/arrived"; sleep 600' }`);
const WRITES = `
name: write
services: [{ names: [free] }]
nodes:
  - { id: write, bash: echo 2.0 > VERSION }
`;

const given = (workflow: string, disk: string, ...names: string[]): Promise<World> =>
  openWorld({
    platform: { files: workflowFiles({ fill: workflow, write: WRITES }) },
    repositories: [...services(...names), { name: 'free' }],
    settings: `disk: ${disk}\n`,
  });

/** The next sweep and what follows from it; reports that are due by then too. */
async function sweep(world: World, ms = MINUTE): Promise<void> {
  world.clock.move(ms);
  await world.settle();
  world.clock.move(30_000);
  await world.settle();
}

const kept = async (world: World) => (await world.tasks()).map(({ workspace }) => workspace !== null);
const folders = async (of: readonly (string | null)[]) => of.map((path) => existsSync(path ?? ''));
const issueNumber = async (world: World, index = 0) => (await world.trackingIssues())[index]?.number ?? 0;
const body = async (world: World, index = 0) => (await world.trackingIssues())[index]?.body ?? '';

async function events(world: World): Promise<string[]> {
  return (await world.store.read.events.ofFleet((await world.fleet()).id)).map(({ event }) => event.type);
}

describe('workspaces over their quota', () => {
  it('go until the rest has room, the tracking issue no longer names them, and a retry makes a fresh one', async () => {
    const world = await given(FAILS, '{ workspaces: 4MiB }', 'a', 'b');
    await world.comment('mona', '/fleet fill');
    const paths = (await world.tasks()).map(({ workspace }) => workspace);
    expect(await body(world)).toContain(`Its workspace is kept: \`${paths[0]}\``);

    await sweep(world);
    expect((await kept(world)).toSorted()).toEqual([false, true]);
    expect(await folders(paths)).toEqual(await kept(world));
    const gone = (await kept(world)).indexOf(false);
    expect((await events(world)).at(-1)).toBe('workspace_removed');
    const told = await body(world);
    expect(paths.map((path) => told.includes(`${path}`))).toEqual(await kept(world));
    expect(await world.answers(await issueNumber(world)), 'the end was told once').toHaveLength(1);

    const [name] = ['a', 'b'].slice(gone);
    await world.api('mona', 'PUT', `/repos/acme/${name}/contents/mended`, { message: 'Mend', content: '' });
    await world.comment('mona', `/fleet retry ${name}`, { issue: await issueNumber(world) });
    expect((await world.tasks())[gone]).toMatchObject({ outcome: 'changed', attempt: 2 });
    await sweep(world);
    expect((await folders(paths)).toSorted(), 'there is room for one').toEqual([false, true]);
  });

  it('and mirrors over theirs let no task begin while tasks that wait go on from them, and the answer makes room', async () => {
    const world = await given(WAITS, '{ workspaces: 2MiB, mirrors: 1KiB }', 'a');
    await world.comment('mona', '/fleet fill');
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['waiting']);
    await sweep(world);
    expect(await world.store.read.disk.fullSince()).not.toBeNull();

    await world.comment('mona', '/fleet write');
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['queued']);
    expect(await body(world, 1)).toMatch(/\*\*Waits for disk space\*\* since .*🕓 waits for disk space/s);
    expect(await body(world), 'nothing of it is to begin').not.toContain('Waits for disk space');
    await world.comment('mona', '/fleet status', { issue: await issueNumber(world, 1) });
    expect((await world.answers(await issueNumber(world, 1))).at(-1)).toContain(
      'It waits for disk space on the server',
    );

    await world.comment('mona', '/fleet approve', { issue: await issueNumber(world) });
    const [first] = await world.fleets();
    expect(await world.tasks(first)).toMatchObject([{ outcome: 'changed', attempt: 1 }]);
    await sweep(world);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed']);
    expect((await events(world)).filter((type) => type.startsWith('disk_'))).toEqual(['disk_freed']);
    expect(await body(world, 1)).not.toContain('disk space');
  });
});

describe('a workspace that is too large', () => {
  it('ends its task, which says how large it is and how large it may be', async () => {
    const world = await given(RUNS, '{ per_workspace: 2MiB }', 'a');
    await world.say('mona', '/fleet fill');
    const settled = world.settle();
    const arrived = async () => existsSync(join((await world.tasks())[0]?.workspace ?? '', 'home', 'arrived'));
    await expect.poll(arrived, { timeout: 20_000 }).toBe(true);
    world.clock.move(MINUTE);
    // Whatever is written wakes the engine.
    await world.say('mona', '/fleet list');
    await settled;
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ status: 'failed', category: 'too_large', attempt: 1 }]);
    expect((await world.tasks())[0]?.reason).toMatch(
      /^Its workspace takes [2-4](\.\d)? MiB of the server's disk, and one may take 2 MiB \(`disk\.per_workspace`\)\.$/,
    );
  });
});

describe('mirrors over their quota', () => {
  it('go when nothing borrows from them, after the workspaces that are only kept', async () => {
    const world = await given(FAILS, '{ mirrors: 1KiB }', 'a');
    await world.comment('mona', '/fleet write');
    await world.comment('mona', '/fleet fill');
    const mirrors = () => readdirSync(join(world.folder, 'data', 'mirrors'));
    expect(mirrors()).toHaveLength(2);
    await sweep(world);
    expect([mirrors(), await kept(world)]).toEqual([[], [false]]);
    expect(await world.store.read.disk.fullSince()).toBeNull();
  });
});

describe('what nobody needs any more', () => {
  it('is removed: folders without a task, workspaces past their retention, rows of commands long answered', async () => {
    const world = await given(FAILS, '{ retention: 2d, deliveries: 5d }', 'a');
    await world.comment('mona', '/fleet fill');
    const [task] = await world.tasks();
    const { deliveryId } = await world.fleet();
    const workspaces = join(world.folder, 'data', 'workspaces');
    const orphan = join(workspaces, 'f-aaaaaaaa', 'acme', 'gone');
    const others = join(workspaces, 'backup', 'of', 'somebody');
    for (const folder of [orphan, others]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'file'), '');
    }

    await sweep(world, 2 * DAY - 2 * MINUTE);
    expect([existsSync(orphan), existsSync(others), existsSync(task?.workspace ?? '')]).toEqual([false, true, true]);
    await sweep(world, 2 * MINUTE);
    expect(await folders([task?.workspace ?? null])).toEqual([false]);
    expect(await kept(world)).toEqual([false]);

    expect(await world.store.read.deliveries.get(deliveryId)).toMatchObject({ state: 'done' });
    await sweep(world, 3 * DAY);
    expect(await world.store.read.deliveries.get(deliveryId)).toBeUndefined();
    expect(await world.fleets(), 'and nothing else').toHaveLength(1);
    expect(existsSync(others)).toBe(true);
  });
});

const READS = `
name: fill
services: [{ tag: app }]
siblings: [{ names: [free] }]
nodes:
  - { id: write, bash: cat "$SIBLINGS_DIR/acme/free/VERSION" > VERSION; echo 2 >> VERSION }
`;

describe.skipIf(process.platform !== 'linux')('a write of the server that meets a full disk', () => {
  it('queues its task, which goes on when there is room', async () => {
    const world = await given(READS, '{}', 'a');
    await world.comment('mona', '/fleet write');
    const mirrors = join(world.folder, 'data', 'mirrors');
    const [name = ''] = readdirSync(mirrors);
    // The one file that is written there through a link, so that it can be on a disk that has no room.
    const attributes = join(mirrors, name, 'info', 'attributes');
    symlinkSync('/dev/full', attributes);
    await world.comment('mona', '/fleet fill');
    expect(await world.tasks()).toMatchObject([{ status: 'queued', attempt: 1, category: null }]);
    const requeued = (await world.store.read.events.ofFleet((await world.fleet()).id)).map(({ event }) => event);
    expect(requeued.findLast(({ type }) => type === 'task_requeued')).toMatchObject({
      reason: "The server's disk is full.",
    });
    rmSync(attributes);
    world.clock.move(5 * MINUTE);
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 2 }]);
  });
});
