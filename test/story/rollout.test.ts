import { describe, expect, it } from 'vitest';
import { dieBeforeTheAnswer } from './die-before-the-answer.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const bump = (rollout: string, more = '') => `
name: bump
services: [{ tag: app }]
parallel: true
rollout: ${rollout}
${more}
nodes:
  - id: write
    bash: test ! -e broken && printf '2.0\\n' > VERSION
`;
const CANARY = '{ canary: 1, waves: [50%, 100%], halt_on_failure: 20%, approve: canary }';
const DAY = 24 * 60 * 60_000;
const broken = { files: { VERSION: '1.0\n', broken: '' } };

type Given = WorldOptions & { rollout?: string; command?: string };

/** A fleet over these repositories; the canary is the first one. */
async function rolledOut(names: readonly string[], given: Given = {}): Promise<World> {
  const { rollout = CANARY, command = '/fleet bump', platform = {}, ...options } = given;
  const files = { ...workflowFiles({ bump: bump(rollout) }), ...platform.files };
  const world = await openWorld({ repositories: services(...names), ...options, platform: { ...platform, files } });
  await world.comment('mona', command);
  return world;
}

const states = async (world: World) => (await world.tasks()).map(({ status, outcome }) => outcome ?? status);
const issueNumber = async (world: World) => (await world.trackingIssues())[0]?.number ?? 0;
const body = async (world: World) => (await world.issue(await issueNumber(world))).body ?? '';

/** On the tracking issue, a second after all that has happened. Returns the answer. */
async function say(world: World, login: string, command: string): Promise<string | undefined> {
  world.clock.move(1_000);
  const issue = await issueNumber(world);
  const before = (await world.answers(issue)).length;
  await world.comment(login, command, { issue });
  return (await world.answers(issue))[before];
}

async function eventTypes(world: World): Promise<string[]> {
  return (await world.store.read.events.ofFleet((await world.fleet()).id)).map(({ event }) => event.type);
}

describe('a rollout', () => {
  it('waits after its canary until it is approved, and then goes on wave by wave', async () => {
    const world = await rolledOut(['one', 'two', 'three', 'four'], {
      platform: { files: { '.github/fleet.yml': 'not_sender: true\n' }, collaborators: { hubot: 'write' } },
      users: ['hubot', 'lisa'],
    });
    expect(await states(world)).toEqual(['changed', 'queued', 'queued', 'queued']);
    const held = await body(world);
    expect(held).toContain('Rollout: ✅ **canary (1)** → 🕓 wave 1 (1) → 🕓 wave 2 (2)');
    expect(held).toContain('**The canary is done:** 1 pull request. `/fleet approve` releases wave 1 (1 repository)');
    expect(held).toContain('it is cancelled by itself on 2026-05-11 09:00 UTC');

    expect(await say(world, 'lisa', '/fleet approve'), 'she cannot write').toBeUndefined();
    expect(await say(world, 'mona', '/fleet approve')).toContain('not_sender');
    expect(await say(world, 'hubot', '/fleet approve one'), 'a glob means nodes').toContain('alone');
    expect(await say(world, 'mona', '/fleet status')).toContain('The next wave waits for `/fleet approve`');
    expect(await states(world)).toEqual(['changed', 'queued', 'queued', 'queued']);

    expect(await say(world, 'hubot', '/fleet approve')).toMatch(
      /^<!--.*-->\n✅ Fleet \[f-\w+\]\(.*\) goes on with wave 1 \(1 repository\)\.$/,
    );
    expect(await states(world)).toEqual(['changed', 'changed', 'changed', 'changed']);
    const ended = await world.issue(await issueNumber(world));
    expect(ended.state).toBe('closed');
    expect(ended.body).toContain('- After the canary: **approve** by [hubot]');
    const types = await eventTypes(world);
    expect(types.filter((type) => /^gate_|^wave_/.test(type))).toEqual([
      'gate_closed',
      'gate_opened',
      'wave_released',
      'wave_released',
    ]);
    expect(await say(world, 'hubot', '/fleet approve')).toContain('waits for a decision');
  });

  it('halts when its canary fails: nothing is opened elsewhere, and an approval goes on', async () => {
    const world = await rolledOut(['a-broken', 'two', 'three'], {
      repositories: [{ name: 'a-broken', topics: ['app'], ...broken }, ...services('two', 'three')],
    });
    expect(await states(world)).toEqual(['failed', 'queued', 'queued']);
    for (const name of ['two', 'three']) expect(await world.pulls(name)).toEqual([]);
    expect(world.github.requests.count('POST git-receive-pack'), 'nothing was pushed').toBe(0);
    expect(world.github.requests.count('POST git-upload-pack'), 'the canary alone was cloned').toBeLessThanOrEqual(3);
    const halted = await body(world);
    expect(halted).toContain('**Halted:** 1 of 1 repository of the canary failed (`halt_on_failure: 20%`).');
    expect(halted).toContain('| 🕓 wave 1 |');

    dieBeforeTheAnswer(world);
    expect(await say(world, 'mona', '/fleet approve')).not.toContain('goes on');
    world.clock.move(6_000);
    await world.settle();
    expect((await world.answers(await issueNumber(world))).at(-1)).toContain('goes on with wave 1 (1 repository)');
    expect(await states(world)).toEqual(['failed', 'changed', 'changed']);
    expect((await eventTypes(world)).filter((type) => type === 'gate_opened')).toHaveLength(1);
  });

  it('that is rejected cancels the rest, which only approvers may do', async () => {
    const world = await rolledOut(['one', 'two'], {
      platform: { files: { '.github/fleet.yml': 'approvers: [lisa]\n' } },
      users: ['lisa'],
    });
    expect(await say(world, 'mona', '/fleet reject')).toContain('`approvers:`');
    expect((await world.fleet()).endedAt).toBeNull();
    dieBeforeTheAnswer(world);
    expect(await say(world, 'lisa', '/fleet reject')).not.toContain('is cancelled');
    world.clock.move(6_000);
    await world.settle();
    expect((await world.answers(await issueNumber(world))).at(-1)).toContain('is cancelled');
    expect(await states(world)).toEqual(['changed', 'cancelled']);
    expect((await world.tasks())[1]?.reason).toBe('lisa did not let the fleet go on.');
    expect(await world.pulls('two')).toEqual([]);
    const text = await body(world);
    expect(text).toContain('Rollout: ✅ canary (1) → 🛑 wave 1 (1)');
    expect(text).toMatch(/: \[lisa\]\(\S+\) did not let it go on$/m);
    expect(text).not.toContain('cancelled it');
    const types = await eventTypes(world);
    expect(types.filter((type) => /rejected|cancel_requested/.test(type))).toEqual(['fleet_rejected']);
  });

  it('is let go on once by commands that were given at once, and not in repositories that were lost meanwhile', async () => {
    const world = await rolledOut(['one', 'two', 'three'], { rollout: '{ waves: [1, 2, 3], approve: each }' });
    world.clock.move(1_000);
    await world.say('mona', '/fleet approve');
    await world.say('mona', '/fleet approve');
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'changed', 'queued']);
    const answers = await world.answers();
    expect(answers.filter((text) => text.includes('goes on with wave 2'))).toHaveLength(2);

    world.demote('mona', 'two');
    expect(await say(world, 'mona', '/fleet approve')).toContain('nothing is left to run');
    expect((await world.tasks())[2]).toMatchObject({ status: 'failed', category: 'permission' });
  });

  it('ends by itself when nobody comes within 7 days', async () => {
    const world = await rolledOut(['one', 'two']);
    world.clock.move(7 * DAY - 1);
    await world.settle();
    expect((await world.fleet()).endedAt).toBeNull();
    world.clock.move(1);
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'cancelled']);
    expect(await body(world)).toContain('Nobody let it go on within 7 days, so the rest was cancelled.');
    expect(await say(world, 'mona', '/fleet approve')).toContain('waits for a decision');
  });

  it('begins after the plan is approved, and its order is that of `after`', async () => {
    const world = await rolledOut([], {
      rollout: '{ after: { tag: library } }',
      command: '/fleet plan bump',
      repositories: [...services('a-consumer'), { name: 'z-library', topics: ['app', 'library'] }],
    });
    expect(await body(world)).toContain('- Order: `tag: library`, then the others.');
    expect(await states(world)).toEqual(['queued', 'queued']);
    expect(await say(world, 'mona', '/fleet approve')).toContain('exactly as planned');
    const tasks = await world.tasks();
    expect(tasks.map(({ repository }) => repository)).toEqual(['acme/z-library', 'acme/a-consumer']);
    const order = (await world.store.read.events.ofFleet((await world.fleet()).id)).flatMap(({ event }) =>
      event.type === 'task_started' || event.type === 'task_completed'
        ? [`${event.type} ${tasks.find(({ id }) => id === event.taskId)?.repository}`]
        : [],
    );
    expect(order).toEqual([
      'task_started acme/z-library',
      'task_completed acme/z-library',
      'task_started acme/a-consumer',
      'task_completed acme/a-consumer',
    ]);
  });

  describe('with a list in `after`, of which a library fails', () => {
    const steps = 'after: [{ names: [z-base] }, { tag: library }]';
    const repositories = [
      ...services('a-consumer'),
      { name: 'y-library', topics: ['app', 'library'] },
      { name: 'z-base', topics: ['app', 'library'], ...broken },
    ];
    const inOrder = async (world: World) => (await world.tasks()).map(({ repository }) => repository.slice(5));
    const order = ['z-base', 'y-library', 'a-consumer'];

    it('goes on step by step, as each has ended, however it ended', async () => {
      const world = await rolledOut([], { rollout: `{ ${steps} }`, repositories });
      expect([await inOrder(world), await states(world)]).toEqual([order, ['failed', 'changed', 'changed']]);
      const names = new Map((await world.tasks()).map(({ id, repository }) => [id, repository.slice(5)]));
      const events = (await world.store.read.events.ofFleet((await world.fleet()).id)).flatMap(({ event }) =>
        event.type === 'task_started' || event.type === 'task_completed' || event.type === 'task_failed'
          ? [`${names.get(event.taskId)} ${event.type.slice(5)}`]
          : [],
      );
      expect(events).toEqual([
        'z-base started',
        'z-base failed',
        'y-library started',
        'y-library completed',
        'a-consumer started',
        'a-consumer completed',
      ]);
    });

    it('is held before the next step where the rollout halts on a failure', async () => {
      const world = await rolledOut([], { rollout: `{ ${steps}, halt_on_failure: 1 }`, repositories });
      expect([await inOrder(world), await states(world)]).toEqual([order, ['failed', 'queued', 'queued']]);
      expect(await world.fleet()).toMatchObject({ gate: 'halted' });
      expect(await say(world, 'mona', '/fleet approve')).toContain('goes on where it was halted');
      expect(await states(world)).toEqual(['failed', 'changed', 'changed']);
    });
  });

  it('whose entry selects nothing is refused, unless the command narrowed the selection', async () => {
    const world = await rolledOut(['one', 'two'], { rollout: '{ canary: [nowhere], approve: canary }' });
    expect((await world.answers()).at(-1)).toContain('`rollout.canary` (`names: nowhere`) selects none');
    await world.comment('mona', '/fleet bump --match t*');
    expect(await states(world)).toEqual(['changed']);
  });
});
