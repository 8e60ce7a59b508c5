import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { FleetRow } from '../../src/store/contract/fleets.ts';
import type { TaskRow } from '../../src/store/contract/tasks.ts';
import { fillWithReadyChange, type ReadyChange } from './ready-change.ts';
import { readyWorkspaces } from './ready-workspaces.ts';
import { replaySlots } from './replay-slots.ts';
import { workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const TASKS = 50;
const CAPS = { system: 8, perUser: 5 };
const MINUTE = 60_000;
/** How many turns of the event loop a task takes at most, beside what it asks of GitHub and of the store. */
const LONGEST = 20;

const workflow = (name: string, nodes: string) => `
name: ${name}
services: [{ tag: ${name} }]
parallel: true
nodes:
${nodes}`;
const PLAIN = '  - { id: write, bash: exit 1, when: "false" }\n';
const GATED = `  - { id: gate, approval: { message: "Go on?" } }\n${PLAIN.replace(' }', ', depends_on: [gate] }')}`;

const names = (tag: string) => Array.from({ length: TASKS }, (_, index) => `${tag}-${String(index).padStart(2, '0')}`);

/** Numbers from 0 to below 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Given {
  world: World;
  /** Called with the number of workspaces made so far, this one included. */
  onPrepare(count: number): void;
}

async function givenWorld(seed: number): Promise<Given> {
  const random = seeded(seed);
  let change: ReadyChange | undefined;
  let prepared = 0;
  const given: Pick<Given, 'onPrepare'> = { onPrepare: () => undefined };
  const collaborators = { mona: 'write', hubot: 'write' } as const;
  const world = await openWorld({
    users: ['hubot'],
    settings: `caps: { system: ${CAPS.system}, per_user: ${CAPS.perUser} }\nconfirm_over: 100\ncontent_budget: { per_minute: 60, per_hour: 500 }`,
    platform: {
      collaborators,
      files: workflowFiles({
        one: workflow('one', PLAIN),
        two: workflow('two', GATED),
        three: workflow('three', PLAIN),
      }),
    },
    repositories: ['one', 'two', 'three'].flatMap((tag) =>
      names(tag).map((name) => ({ name, topics: [tag], files: {}, collaborators })),
    ),
    workspaces: (github) =>
      readyWorkspaces({
        github,
        change() {
          if (change === undefined) throw new Error('The repositories have no commit yet.');
          return change;
        },
        async beforePrepare() {
          prepared += 1;
          given.onPrepare(prepared);
          for (let left = random() * LONGEST; left > 0; left -= 1) {
            world.clock.move(1);
            await turn();
          }
        },
      }),
  });
  change = await fillWithReadyChange(world.github);
  return Object.assign(given, { world });
}

/** People let those go on that wait for them, in another order each time. */
async function letGoOn(world: World, tasks: readonly TaskRow[], random: () => number): Promise<void> {
  const waiting = tasks.filter(({ status }) => status === 'waiting').toSorted(() => random() - 0.5);
  const by = { id: 1, login: 'mona' };
  for (const { id, attempt } of waiting) {
    const of = { taskId: id, attempt, nodeId: 'gate' };
    await world.store.write((tx) => tx.approvals.decide(of, { decision: 'approve', text: '', by }, world.clock.now()));
  }
}

async function passTime(world: World, fleets: readonly FleetRow[], random: () => number): Promise<void> {
  for (let minutes = 0; minutes < 20; minutes += 1) {
    const tasks = (await Promise.all(fleets.map((fleet) => world.tasks(fleet)))).flat();
    if (tasks.every(({ endedAt }) => endedAt !== null)) return;
    await letGoOn(world, tasks, random);
    world.clock.move(MINUTE + 1_000);
    await world.settle();
  }
}

const seed = Number(process.env.CAPS_SEED ?? Math.floor(Math.random() * 2 ** 31));

it(`shares the slots between fleets and people, and never gives out one too many (CAPS_SEED=${seed})`, async () => {
  const given = await givenWorld(seed);
  const { world } = given;
  let later: Promise<unknown> | undefined;
  given.onPrepare = (count) => {
    if (count === 10) later = world.say('mona', '/fleet three');
  };
  await world.say('mona', '/fleet one');
  await world.say('hubot', '/fleet two');
  await world.settle();
  await later;
  await world.settle();
  const fleets = await world.fleets();
  await passTime(world, fleets, seeded(seed + 1));

  const events = (await Promise.all(fleets.map(({ id }) => world.store.read.events.ofFleet(id)))).flat();
  const slots = replaySlots(events, new Map(fleets.map(({ id, runAs }) => [id, runAs.id])));
  expect(slots.faults).toEqual([]);
  expect(slots.most).toBe(CAPS.system);
  expect([...slots.mostOfUser.values()]).toEqual([CAPS.perUser, CAPS.perUser]);

  const [one = [], two = [], three = []] = await Promise.all(fleets.map((fleet) => world.tasks(fleet)));
  expect([...one, ...two, ...three].map(({ outcome }) => outcome)).toEqual(Array(3 * TASKS).fill('changed'));
  const startsOf = (tasks: readonly TaskRow[]) => {
    const ids = new Set(tasks.map(({ id }) => id));
    return slots.firstStarts.flatMap(({ taskId }, index) => (ids.has(taskId) ? [{ taskId, index }] : []));
  };
  for (const tasks of [one, two, three]) {
    expect(startsOf(tasks).map(({ taskId }) => taskId)).toEqual(tasks.map(({ id }) => id));
  }
  // Two people: of the first thirty starts each has some, although tasks that soon wait for an answer make room faster.
  const early = (tasks: readonly TaskRow[]) => startsOf(tasks).filter(({ index }) => index < 30).length;
  expect(Math.min(early([...one, ...three]), early(two))).toBeGreaterThanOrEqual(5);
  // Two fleets of one person: from when the later one begins until one has begun with all, they take turns.
  const began = startsOf(three)[0]?.index ?? Number.POSITIVE_INFINITY;
  const over = Math.min(startsOf(one).at(-1)?.index ?? 0, startsOf(three).at(-1)?.index ?? 0);
  const meanwhile = (tasks: readonly TaskRow[]) =>
    startsOf(tasks).filter(({ index }) => index >= began && index <= over).length;
  expect(meanwhile(one)).toBeGreaterThan(10);
  expect(Math.abs(meanwhile(one) - meanwhile(three))).toBeLessThanOrEqual(meanwhile(one) / 2);
  const waits = events.filter(({ event }) => event.type === 'task_requeued' || event.type === 'task_waiting');
  expect(waits.length).toBeGreaterThan(TASKS);
}, 120_000);
