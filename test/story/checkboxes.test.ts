import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dieBeforeTheAnswer } from './die-before-the-answer.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What people do with the boxes of a tracking issue, and with its text. */

const bump = (more: string, nodes = '') => `
name: bump
services: [{ tag: app }]
parallel: true
${more}
nodes:
  - id: write
    bash: test ! -e broken && printf '2.0\\n' > VERSION
${nodes}`;
const CANARY = 'rollout: { canary: 1, approve: canary }';
const HALT = 'rollout: { canary: 1, halt_on_failure: 20%, approve: canary }';
const ASKS = '  - { id: gate, approval: { message: "Open it?" }, depends_on: [write] }\n';
const BOX = /^- \[( |x)\] .*<!-- flotilla:box (\S+) [0-9a-f]{16} -->$/gm;

interface Given extends WorldOptions {
  workflow?: string;
  command?: string;
  names?: readonly string[];
  fleetSettings?: string;
}

async function given({ workflow = bump(CANARY), command = '/fleet bump', names = ['one', 'two'], ...options }: Given) {
  const { fleetSettings, ...rest } = options;
  const files = {
    ...workflowFiles({ bump: workflow }),
    ...(fleetSettings === undefined ? {} : { '.github/fleet.yml': fleetSettings }),
  };
  const platform = { ...rest.platform, files };
  const world = await openWorld({ repositories: services(...names), ...rest, platform });
  await world.comment('mona', command);
  world.clock.move(60_000);
  await world.settle();
  return world;
}

const states = async (world: World) => (await world.tasks()).map(({ status, outcome }) => outcome ?? status);
const issueNumber = async (world: World) => (await world.trackingIssues())[0]?.number ?? 0;
const body = async (world: World) => (await world.issue(await issueNumber(world))).body ?? '';
const answers = async (world: World) => world.answers(await issueNumber(world));

/** What the boxes stand for, in order. */
async function boxes(world: World): Promise<string[]> {
  return [...(await body(world)).matchAll(BOX)].map(([, tick, means]) => `${tick === 'x' ? 'x ' : ''}${means}`);
}

const ticked = (text: string, means: string): string =>
  text.replace(BOX, (line, _, word) => (word === means ? line.replace('[ ]', '[x]') : line));

/** Somebody saves another text, a second after all that has happened. */
async function write(world: World, login: string, text: string): Promise<void> {
  world.clock.move(1_000);
  await world.api(login, 'PATCH', `/repos/acme/platform/issues/${await issueNumber(world)}`, { body: text });
}

/** Somebody clicks; then what follows happens. Returns what the app said. */
async function tick(world: World, login: string, means: string): Promise<string> {
  const before = (await answers(world)).length;
  await write(world, login, ticked(await body(world), means));
  await world.settle();
  return (await answers(world)).slice(before).join('\n');
}

async function eventTypes(world: World): Promise<string[]> {
  return (await world.store.read.events.ofFleet((await world.fleet()).id)).map(({ event }) => event.type);
}

async function edits(world: World): Promise<number> {
  return (await eventTypes(world)).filter((type) => type === 'issue_edited').length;
}

describe('a box that is ticked', () => {
  it('approves a plan, once, though its answer was lost and its webhook came twice', async () => {
    const world = await given({ command: '/fleet plan bump', workflow: bump('') });
    expect(await boxes(world)).toEqual(['approve:plan', 'cancel']);
    dieBeforeTheAnswer(world);
    expect(await tick(world, 'mona', 'approve:plan'), 'the plan runs, and nobody is told').not.toContain('Approved');
    world.clock.move(6_000);
    await world.settle();
    expect((await answers(world)).join('\n')).toMatch(
      /✅ Approved: fleet .* runs in 2 repositories[\s\S]*mona edited this issue/,
    );
    expect(await states(world)).toEqual(['changed', 'changed']);
    expect(await boxes(world), 'the fleet has ended').toEqual([]);

    const told = (await answers(world)).length;
    const types = await eventTypes(world);
    expect(types.filter((type) => /^(box_ticked|fleet_approved|issue_edited)$/.test(type))).toEqual([
      'box_ticked',
      'fleet_approved',
      'issue_edited',
    ]);
    const edited = world
      .deliveries()
      .findLast(({ event, request }) => event === 'issues' && request.body.includes('[x]'));
    await world.redeliver(edited?.id ?? 0);
    expect([(await answers(world)).length, await eventTypes(world)]).toEqual([told, types]);
  });

  it('lets a rollout go on, and means nothing to later gates', async () => {
    const world = await given({
      workflow: bump('rollout: { waves: [1, 2, 3], approve: each }'),
      names: ['one', 'two', 'three'],
    });
    expect(await boxes(world)).toEqual(['approve:gate', 'cancel']);
    expect(await body(world)).toContain('- [ ] **Approve**: releases wave 2 (1 repository)');
    const stale = await body(world);
    expect(await tick(world, 'mona', 'approve:gate')).toContain('goes on with wave 2');
    expect(await states(world)).toEqual(['changed', 'changed', 'queued']);
    expect(await boxes(world), 'those of the next gate, not ticked').toEqual(['approve:gate', 'cancel']);

    await write(world, 'mona', ticked(stale, 'approve:gate'));
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'changed', 'queued']);
    expect((await answers(world)).at(-1), 'all of the text was changed').toContain('One box at a time counts');
    expect(await body(world)).toContain('- [ ] **Approve**: releases wave 3 (1 repository)');
  });

  it('answers the one node that asks, in all that wait', async () => {
    const world = await given({ workflow: bump('', ASKS) });
    expect(await boxes(world)).toEqual(['approve:node:gate', 'cancel']);
    expect(await tick(world, 'mona', 'approve:node:gate')).toContain(
      '`gate` is decided as **approve** in 2 repositories',
    );
    expect(await states(world)).toEqual(['changed', 'changed']);
  });

  it('tries again what failed, where a halt holds the rest', async () => {
    const broken = { name: 'a-broken', topics: ['app'], files: { VERSION: '1.0\n', broken: '' } };
    const world = await given({ workflow: bump(HALT), repositories: [broken, ...services('two', 'three')] });
    expect(await boxes(world)).toEqual(['approve:gate', 'retry', 'cancel']);
    expect(await tick(world, 'mona', 'retry')).toContain(
      'runs its workflow again, from a fresh clone, in 1 repository: acme/a-broken',
    );
    expect(await states(world)).toEqual(['queued', 'queued', 'queued']);
    expect(await boxes(world)).toEqual(['approve:gate', 'cancel']);
    expect(await tick(world, 'mona', 'approve:gate')).toContain('goes on');
    expect((await world.tasks())[0]?.attempt).toBe(2);
  });
});

describe('a box that counts nothing', () => {
  it('was ticked by somebody who may not: it is put back, and they are told once', async () => {
    const world = await given({
      fleetSettings: 'approvers: [mona]\n',
      users: ['hubot'],
      platform: { collaborators: { hubot: 'write' } },
    });
    expect(await tick(world, 'hubot', 'approve:gate')).toMatch(
      /You may not do this[\s\S]*`approvers:`[\s\S]*hubot edited this issue/,
    );
    expect(await boxes(world)).toEqual(['approve:gate', 'cancel']);
    expect(await tick(world, 'hubot', 'approve:gate')).toBe('');
    expect(await tick(world, 'hubot', 'approve:gate')).toBe('');
    expect(await boxes(world)).toEqual(['approve:gate', 'cancel']);
    expect(await states(world)).toEqual(['changed', 'queued']);
    expect(await tick(world, 'mona', 'approve:gate')).toContain('goes on with wave 1');
  });

  it('was ticked together with another one, or on a page that somebody had changed', async () => {
    const world = await given({});
    await write(world, 'mona', ticked(ticked(await body(world), 'cancel'), 'approve:gate'));
    await world.settle();
    expect((await answers(world)).at(-1)).toContain('One box at a time counts');
    expect(await boxes(world)).toEqual(['approve:gate', 'cancel']);

    const ours = await body(world);
    const lured = ours.replace('**Approve**: releases', '**Cancel**: drops');
    await write(world, 'mona', lured);
    await write(world, 'mona', ticked(lured, 'approve:gate'));
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'queued']);
    expect(await body(world)).toBe(ours);

    expect(await tick(world, 'mona', 'cancel'), 'one that counts').toContain('is cancelled');
    expect(await states(world)).toEqual(['changed', 'cancelled']);
    expect((await world.tasks())[1]?.reason).toBe('mona cancelled the fleet.');
    expect(await boxes(world)).toEqual([]);
  });

  it('stood on a page that was out of date: nothing is done, and each box says so once', async () => {
    const world = await given({});
    // The gate was opened, and the report that says so waits for its edit to be sent.
    const old = await body(world);
    world.clock.move(1_000);
    await world.say('mona', '/fleet approve', { issue: await issueNumber(world) });
    for (const means of ['approve:gate', 'approve:gate', 'cancel', 'cancel']) {
      await write(world, 'mona', ticked(old, means));
      await write(world, 'mona', old);
    }
    await world.settle();
    const late = (await answers(world)).filter((text) => text.includes('had moved on by the time the box was ticked'));
    expect(late, 'one of each box').toHaveLength(2);
    expect(await states(world)).toEqual(['changed', 'changed']);
    expect((await eventTypes(world)).filter((type) => type === 'gate_opened')).toHaveLength(1);
    expect(await body(world)).not.toContain('[x]');
  });
});

describe('every box is put back when somebody ticks it who may not', () => {
  const others = { users: ['hubot'], platform: { collaborators: { hubot: 'write' as const } } };
  const broken = { name: 'a-broken', topics: ['app'], files: { VERSION: '1.0\n', broken: '' } };
  const halted = { workflow: bump(HALT), repositories: [broken, ...services('two', 'three')], ...others };

  it.each<[means: string, given: Given, open: readonly string[], stands: readonly string[]]>([
    [
      'approve:plan',
      { command: '/fleet plan bump', workflow: bump('') },
      ['approve:plan', 'cancel'],
      ['queued', 'queued'],
    ],
    ['approve:node:gate', { workflow: bump('', ASKS) }, ['approve:node:gate', 'cancel'], ['waiting', 'waiting']],
  ])('%s by somebody who is no approver, who is told once', async (means, options, open, stands) => {
    const world = await given({ ...options, ...others, fleetSettings: 'approvers: [mona]\n' });
    expect(await tick(world, 'hubot', means)).toMatch(
      /You may not do this[\s\S]*`approvers:`[\s\S]*hubot edited this issue/,
    );
    expect(await tick(world, 'hubot', means)).toBe('');
    expect([await boxes(world), await states(world)]).toEqual([open, stands]);
    expect(await tick(world, 'mona', means), 'one who may').not.toBe('');
    expect(await states(world)).toEqual(['changed', 'changed']);
  });

  // Who cannot write on the control repository cannot edit the issue either, so they lose it after their click.
  it.each<[means: string, given: Given]>([
    ['approve:plan', { command: '/fleet plan bump', workflow: bump(''), ...others }],
    ['approve:node:gate', { workflow: bump('', ASKS), ...others }],
    ['approve:gate', halted],
    ['retry', halted],
    ['cancel', halted],
  ])('%s by somebody who can no longer write there, who as a stranger gets no text', async (means, options) => {
    const world = await given(options);
    const before = [await body(world), await states(world), (await answers(world)).length];
    expect(await boxes(world)).toContain(means);
    await write(world, 'hubot', ticked(await body(world), means));
    world.demote('hubot', 'platform');
    await world.settle();
    expect([await body(world), await states(world), (await answers(world)).length]).toEqual(before);
    expect(await eventTypes(world)).not.toContain('fleet_cancel_requested');
    expect((await world.tasks()).every(({ attempt }) => attempt < 2)).toBe(true);
    expect(await edits(world)).toBe(1);
  });
});

describe('the text of a tracking issue', () => {
  it('is put back whoever edits it, with its title, and comments and other issues are left alone', async () => {
    const world = await given({});
    const number = await issueNumber(world);
    const before = await world.issue(number);
    const told = (await answers(world)).length;
    world.clock.move(1_000);
    await world.api('mona', 'PATCH', `/repos/acme/platform/issues/${number}`, { title: 'Mine', body: 'Mine too' });
    await world.settle();
    expect(await world.issue(number)).toEqual(before);
    expect((await answers(world)).length, 'nobody needs to be told').toBe(told);

    await world.api('mona', 'PATCH', `/repos/acme/platform/issues/${number}`, { title: 'Mine' });
    await world.settle();
    expect(await world.issue(number)).toEqual(before);
    await world.api('mona', 'PATCH', '/repos/acme/platform/issues/1', {
      body: '- [x] all <!-- flotilla:box cancel 0123456789abcdef -->',
    });
    await world.settle();
    expect((await world.issue(1)).body).toContain('[x]');
    expect(await edits(world)).toBe(2);
  });

  it('edited while it is put back, and again and again, costs few edits of ours and is as it was an hour later', async () => {
    const world = await given({});
    const before = await body(world);
    const sent = () =>
      world.github.requests.all().filter(({ method, path }) => method === 'PATCH' && /\/issues\/\d+$/.test(path))
        .length;
    // The app learns of the second edit while it puts the first one back.
    await write(world, 'mona', 'One');
    await world.github.idle();
    const under = world.flotilla.engine.tick();
    await write(world, 'mona', 'Two');
    await under;
    await world.settle();
    expect(await body(world)).toBe(before);

    const first = sent();
    for (let round = 0; round < 15; round += 1) {
      await write(world, 'mona', `Mine ${round}`);
      await world.settle();
    }
    world.clock.move(60 * 60_000);
    await world.settle();
    expect(await body(world)).toBe(before);
    expect(sent() - first - 15, 'beside the 15 of mona').toBeLessThan(6);
  });

  it('has no boxes once the fleet has ended, and is put back all the same, without another comment', async () => {
    const world = await given({ workflow: bump('') });
    const before = await world.issue(await issueNumber(world));
    expect([before.state, await boxes(world)]).toEqual(['closed', []]);
    expect(before.body).not.toContain('Decide here');
    const told = await answers(world);
    await write(world, 'mona', 'Mine');
    await world.settle();
    expect(await world.issue(await issueNumber(world))).toEqual(before);
    expect(await answers(world)).toEqual(told);
  });

  it('has no boxes while the fleet runs', async () => {
    const waits = bump('').replace(
      'bash: test',
      `bash: 'touch "$HOME/arrived"; while test ! -e "$HOME/go"; do sleep 0.05; done' #`,
    );
    const world = await openWorld({
      repositories: services('one'),
      platform: { files: workflowFiles({ bump: waits }) },
    });
    const working = world.comment('mona', '/fleet bump');
    const home = async () => join((await world.tasks())[0]?.workspace ?? '', 'home');
    const arrived = async () => (await world.fleets()).length > 0 && existsSync(join(await home(), 'arrived'));
    await expect.poll(arrived, { timeout: 20_000 }).toBe(true);
    await expect.poll(() => body(world), { timeout: 20_000 }).toContain('## 🚀 Running');
    expect(await boxes(world)).toEqual([]);
    writeFileSync(join(await home(), 'go'), '');
    await working;
  });
});
