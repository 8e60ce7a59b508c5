import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskRow } from '../../src/store/contract/tasks.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** A task that waits for a person, and one whose process ended: both go on where they were. */

const GATED = `
nodes:
  - id: build
    bash: echo built >> artifact.log; echo build >> kept
  - id: gate
    approval: { message: 'Ship {{nodes.build.output}}?', capture_response: true }
    depends_on: [build]
  - id: ship
    bash: 'cat artifact.log; printf "%s\\n" "$NODES_GATE_OUTPUT" >> kept'
    depends_on: [gate]
`;

const DAY_MS = 24 * 60 * 60_000;

function givenWorkflow(lines: string, names: readonly string[] = ['one'], more: WorldOptions = {}): Promise<World> {
  const files = workflowFiles({ go: `name: go\nservices: [{ tag: app }]\n${lines}` });
  const ignoring = services(...names).map((service) => ({ ...service, files: { '.gitignore': 'artifact.log\n' } }));
  return openWorld({ platform: { files }, repositories: ignoring, ...more });
}

/** Somebody decides, by whatever way. */
async function decide(world: World, task: TaskRow, decision = 'approve', text = 'go', nodeId = 'gate'): Promise<void> {
  const by = { id: 1, login: 'mona' };
  const of = { taskId: task.id, attempt: task.attempt, nodeId };
  const now = world.clock.now();
  expect(await world.store.write((tx) => tx.approvals.decide(of, { decision, text, by }, now))).toBe(true);
  await world.settle();
}

async function onlyTask(world: World): Promise<TaskRow> {
  const [task, ...others] = await world.tasks();
  if (task === undefined || others.length > 0) throw new Error(`${others.length + 1} tasks`);
  return task;
}

async function statuses(world: World, task: TaskRow): Promise<Record<string, string>> {
  const nodes = await world.store.read.nodes.ofTask(task.id, task.attempt);
  return Object.fromEntries(nodes.map(({ nodeId, status }) => [nodeId, status]));
}

async function started(world: World, node: string): Promise<number> {
  const events = await world.store.read.events.ofFleet((await world.fleet()).id);
  return events.filter(({ event }) => event.type === 'node_started' && event.node === node).length;
}

describe('an approval', () => {
  it('parks each task without a slot, and each goes on in its own workspace when it is decided', async () => {
    const world = await givenWorkflow(GATED, ['one', 'two'], { settings: 'caps: { system: 1, per_user: 1 }' });
    await world.comment('mona', '/fleet go');
    const [one, two] = await world.tasks();
    if (one === undefined || two === undefined) throw new Error('there are two tasks');
    expect([one.status, two.status], 'the first one holds no slot').toEqual(['waiting', 'waiting']);
    expect(await statuses(world, one)).toEqual({ build: 'completed', gate: 'waiting' });

    await decide(world, two);
    expect((await world.tasks()).map(({ status, attempt }) => [status, attempt])).toEqual([
      ['waiting', 1],
      ['completed', 1],
    ]);
    expect(await world.file('two', 'kept', 'fleet/go')).toBe('build\n{"decision":"approve","text":"go"}\n');
    expect(await world.pulls('one')).toEqual([]);
    expect(await started(world, 'build'), 'once in each').toBe(2);

    await decide(world, one);
    expect((await world.fleet()).endedAt).not.toBeNull();
    expect((await world.pulls('one')).length).toBe(1);
  });

  it('that is rejected cancels its task with the name and the words of who did it', async () => {
    const world = await givenWorkflow(GATED);
    await world.comment('mona', '/fleet go');
    await decide(world, await onlyTask(world), 'reject', 'not on a Friday');
    expect(await onlyTask(world)).toMatchObject({
      status: 'cancelled',
      reason: 'mona rejected `gate`: not on a Friday',
    });
    expect(await statuses(world, await onlyTask(world))).toMatchObject({ gate: 'completed' });
    expect(await world.pulls('one')).toEqual([]);
  });

  it('with decisions of its own leads the way, also back to a second question', async () => {
    const world = await givenWorkflow(`
nodes:
  - id: gate
    approval: { message: How?, decisions: [{ id: ship }, { id: reject }, { id: rework, label: Once more }] }
  - { id: mend, bash: echo mended > kept, depends_on: [gate], when: $gate.output == 'rework' }
  - id: again
    approval: { message: And now? }
    depends_on: [mend]
  - { id: ship, bash: echo shipped >> kept, depends_on: [again] }
`);
    await world.comment('mona', '/fleet go');
    await decide(world, await onlyTask(world), 'rework');
    expect(await onlyTask(world)).toMatchObject({ status: 'waiting', attempt: 1 });
    await decide(world, await onlyTask(world), 'approve', '', 'again');
    expect(await world.file('one', 'kept', 'fleet/go')).toBe('mended\nshipped\n');
  });

  it('does not stop what stands beside it, and is not waited for where the task has failed', async () => {
    const world = await givenWorkflow(`
nodes:
  - { id: gate, approval: { message: Go on? } }
  - { id: beside, bash: echo beside > kept }
  - { id: after, bash: echo after >> kept, depends_on: [gate, beside] }
`);
    await world.comment('mona', '/fleet go');
    expect(await statuses(world, await onlyTask(world))).toEqual({ gate: 'waiting', beside: 'completed' });
    await decide(world, await onlyTask(world));
    expect(await world.file('one', 'kept', 'fleet/go')).toBe('beside\nafter\n');

    const failing = await givenWorkflow(`
nodes:
  - { id: gate, approval: { message: Go on? } }
  - { id: beside, bash: exit 3 }
`);
    await failing.comment('mona', '/fleet go');
    expect(await onlyTask(failing)).toMatchObject({ status: 'failed', category: 'command' });
    expect(await statuses(failing, await onlyTask(failing))).toEqual({ gate: 'failed', beside: 'failed' });
  });

  it('that nobody decides in time fails its node, and the workflow says what follows', async () => {
    const world = await givenWorkflow(`
nodes:
  - { id: gate, approval: { message: Go on? }, timeout: 2d, continue_on_error: true }
  - { id: after, bash: 'echo "$NODES_GATE_OUTPUT" > kept', depends_on: [gate], when: $gate.status == 'failed' }
`);
    await world.comment('mona', '/fleet go');
    world.clock.move(2 * DAY_MS - 1);
    await world.settle();
    expect((await onlyTask(world)).status).toBe('waiting');
    world.clock.move(1);
    await world.settle();
    expect(await onlyTask(world)).toMatchObject({ status: 'completed', outcome: 'changed' });

    const strict = await givenWorkflow(GATED);
    await strict.comment('mona', '/fleet go');
    strict.clock.move(7 * DAY_MS);
    await strict.settle();
    expect(await onlyTask(strict)).toMatchObject({
      status: 'timed_out',
      category: 'timeout',
      reason: 'Node `gate` was not decided in time.',
    });
  });

  it('waits through a restart, and ends at once with a cancel', async () => {
    const world = await givenWorkflow(GATED);
    await world.comment('mona', '/fleet go');
    await world.crashAndRestart();
    await world.settle();
    expect((await onlyTask(world)).status).toBe('waiting');
    await world.comment('mona', '/fleet cancel');
    expect(await onlyTask(world)).toMatchObject({ status: 'cancelled', attempt: 1 });
    expect((await world.fleet()).endedAt).not.toBeNull();
  });

  it('is asked again, in a new attempt, where the workspace is not what it was', async () => {
    const world = await givenWorkflow(GATED);
    await world.comment('mona', '/fleet go');
    const task = await onlyTask(world);
    if (task.workspace === null) throw new Error('there is no workspace');
    writeFileSync(join(task.workspace, 'tree', 'kept'), 'somebody was here');
    await decide(world, task);
    expect(await onlyTask(world), 'what was changed is put back').toMatchObject({ status: 'completed', attempt: 1 });
    expect(await world.file('one', 'kept', 'fleet/go')).toContain('build\n');

    const lost = await givenWorkflow(GATED);
    await lost.comment('mona', '/fleet go');
    const first = await onlyTask(lost);
    if (first.workspace === null) throw new Error('there is no workspace');
    rmSync(first.workspace, { recursive: true });
    await decide(lost, first);
    expect(await onlyTask(lost)).toMatchObject({ status: 'waiting', attempt: 2 });
    await decide(lost, await onlyTask(lost));
    expect(await onlyTask(lost)).toMatchObject({ status: 'completed', outcome: 'changed', attempt: 2 });
  });

  it('is followed by what always runs, once more', async () => {
    const world = await givenWorkflow(`
nodes:
  - { id: sign-in, bash: echo in >> artifact.log, always_run: true }
  - { id: gate, approval: { message: Go on? }, depends_on: [sign-in] }
  - { id: after, bash: cat artifact.log > kept, depends_on: [gate, sign-in] }
`);
    await world.comment('mona', '/fleet go');
    await decide(world, await onlyTask(world));
    expect(await world.file('one', 'kept', 'fleet/go')).toBe('in\nin\n');
  });
});

/** The engine works until a node has left its mark, and is stopped in the middle. */
async function untilArrived(world: World): Promise<void> {
  await world.github.idle();
  // It never resolves: its engine ends in the middle.
  void world.flotilla.engine.tick();
  const arrived = async () => existsSync(join((await world.tasks())[0]?.workspace ?? '', 'home', 'arrived'));
  await expect.poll(arrived, { timeout: 20_000 }).toBe(true);
}

describe('a task whose process ended', () => {
  it('goes on after its last snapshot, without what the node under way had done', async () => {
    const world = await givenWorkflow(
      `
nodes:
  - { id: first, bash: echo first >> kept }
  - id: second
    bash: |
      if [ -e "$HOME/arrived" ]; then echo second >> kept; exit; fi
      echo half >> kept; touch half "$HOME/arrived"
      sleep 60
    depends_on: [first]
`,
      ['one'],
      { journalAfterMs: 0 },
    );
    await world.say('mona', '/fleet go');
    await untilArrived(world);
    await world.crashAndRestart();
    await world.settle();
    expect(await onlyTask(world)).toMatchObject({ status: 'completed', outcome: 'changed', attempt: 1 });
    expect(await world.file('one', 'kept', 'fleet/go')).toBe('first\nsecond\n');
    expect(await world.file('one', 'half', 'fleet/go')).toBeUndefined();
    expect([await started(world, 'first'), await started(world, 'second')]).toEqual([1, 2]);
  });

  it('in the middle of what always runs, runs that again and nothing else', async () => {
    const world = await givenWorkflow(`
nodes:
  - id: sign-in
    bash: |
      echo in >> artifact.log
      if [ ! -e "$HOME/asked" ]; then touch "$HOME/asked"; exit; fi
      if [ -e "$HOME/arrived" ]; then exit; fi
      touch "$HOME/arrived"
      sleep 60
    always_run: true
  - { id: gate, approval: { message: Go on? }, depends_on: [sign-in] }
  - { id: after, bash: cat artifact.log > kept, depends_on: [gate] }
`);
    await world.comment('mona', '/fleet go');
    const { id: taskId, attempt } = await onlyTask(world);
    const answer = { decision: 'approve', text: '', by: { id: 1, login: 'mona' } };
    const of = { taskId, attempt, nodeId: 'gate' };
    await world.store.write((tx) => tx.approvals.decide(of, answer, world.clock.now()));
    await untilArrived(world);
    await world.crashAndRestart();
    await world.settle();
    expect(await onlyTask(world)).toMatchObject({ status: 'completed', outcome: 'changed', attempt: 1 });
    expect(await world.file('one', 'kept', 'fleet/go')).toBe('in\nin\nin\n');
  });

  it('behind an approval goes on with the answer, and asks again about what is done again', async () => {
    const world = await givenWorkflow(`
nodes:
  - { id: build, bash: echo build > kept }
  - { id: gate, approval: { message: Ship? }, depends_on: [build] }
  - id: ship
    bash: |
      if [ ! -e "$HOME/arrived" ]; then touch "$HOME/arrived"; sleep 60; fi
      echo shipped >> kept
    depends_on: [gate]
`);
    await world.comment('mona', '/fleet go');
    const { id: taskId, attempt } = await onlyTask(world);
    const answer = { decision: 'approve', text: '', by: { id: 1, login: 'mona' } };
    await world.store.write((tx) =>
      tx.approvals.decide({ taskId, attempt, nodeId: 'gate' }, answer, world.clock.now()),
    );
    await untilArrived(world);
    await world.crashAndRestart();
    await world.settle();
    expect(await onlyTask(world)).toMatchObject({ status: 'completed', outcome: 'changed', attempt: 1 });
    expect(await world.file('one', 'kept', 'fleet/go')).toBe('build\nshipped\n');
  });

  it('asks again about what came to something else the second time', async () => {
    const world = await givenWorkflow(
      `
nodes:
  - { id: first, bash: echo first > kept }
  - id: draw
    bash: echo x >> "$HOME/draws"; wc -l < "$HOME/draws" | tr -d ' '
    depends_on: [first]
  - { id: gate, approval: { message: 'Ship {{nodes.draw.output}}?' }, depends_on: [draw] }
  - { id: slow, bash: 'if [ ! -e "$HOME/arrived" ]; then touch "$HOME/arrived"; sleep 60; fi', depends_on: [first] }
  - { id: ship, bash: 'echo "$NODES_DRAW_OUTPUT" >> kept', depends_on: [gate, draw] }
`,
      ['one'],
      { journalAfterMs: 0 },
    );
    await world.say('mona', '/fleet go');
    await untilArrived(world);
    const { id: taskId, attempt } = await onlyTask(world);
    const asked = async () => (await world.store.read.approvals.ofTask(taskId, attempt)).map(({ message }) => message);
    await expect.poll(asked, { timeout: 20_000 }).toEqual(['Ship 1?']);
    const answer = { decision: 'approve', text: '', by: { id: 1, login: 'mona' } };
    await world.store.write((tx) =>
      tx.approvals.decide({ taskId, attempt, nodeId: 'gate' }, answer, world.clock.now()),
    );
    await world.crashAndRestart();
    await world.settle();
    expect(await onlyTask(world)).toMatchObject({ status: 'waiting', attempt: 1 });
    expect(await asked()).toEqual(['Ship 2?']);
    await decide(world, await onlyTask(world));
    expect(await world.file('one', 'kept', 'fleet/go')).toBe('first\n2\n');
  });
});
