/** Which fleets run and where their processes die: made from the seed alone, before anything runs. */
import type { Armed } from './armed.ts';
import { MADE_ONCE, POINTS, type Point, SIDES, type Side } from './points.ts';
import { createRandom, type Random } from './random.ts';
import type { Scenario } from './scenarios.ts';

/** `start`: while a process starts; `run`: at any moment after that. Counted from the start of the process. */
export type Timed = { kind: 'random'; phase: 'start' | 'run'; delayMs: number };
/** While no task can go on before a person decides: kept for that, as those of a fleet may all be spent before. */
type Asked = { kind: 'random'; phase: 'asked' };
export type Kill = ({ kind: 'point' } & Armed) | Timed | Asked;

export const isAsked = (kill: Kill): kill is Asked => kill.kind === 'random' && kill.phase === 'asked';

export interface PlannedFleet {
  scenario: Scenario;
  /** Input of its workflow: whoever follows another fleet has the same. */
  version: number;
  /** In the order in which they are made. */
  kills: Kill[];
}

export interface Schedule {
  fleets: PlannedFleet[];
  /** How many are made at points: half, or more where that is not enough to cover every point. */
  named: number;
  /** How often each point is to be met on each side. */
  wanted: number;
}

const WANTED = 5;
/** From so many kills on, every point is covered. */
export const COVERS_ALL = 200;
/** Tasks that lost their process five times fail, as they might be what ends it. */
const KILLS_WHILE_TASKS_RUN = 4;
const KILLS_BEFORE = 3;
const KILLS_AFTER = 3;
/** No task runs then, so that none loses its process. */
const KILLS_WHILE_ASKED = 1;
/** Of so many kills at random moments one is kept for when every task waits for a person, where a scenario asks. */
const ASKED_ONE_IN = 20;
const START_MS = 900;
const RUN_MS = 4_000;

export function makeSchedule(seed: number, kills: number, scenarios: readonly Scenario[]): Schedule {
  const random = createRandom(seed);
  const points = reachable(scenarios);
  const pairs = points.flatMap((point) => SIDES.map((side) => ({ point, side })));
  const half = Math.ceil(kills / 2);
  const wanted = kills >= COVERS_ALL ? WANTED : Math.min(WANTED, Math.floor(half / pairs.length));
  const named = Math.min(kills, Math.max(half, wanted * pairs.length));
  const order = random.shuffled(pairs);
  const demand: Kill[] = Array.from({ length: named }, (_, index) => {
    const pair = order[index % order.length];
    if (pair === undefined) throw new Error('No scenario meets a point.');
    return { kind: 'point', ...pair, occurrence: 1 + random.below(2) };
  });
  const waits = scenarios.some(asks);
  for (let index = 0; index < kills - named; index += 1) {
    demand.push(waits && index % ASKED_ONE_IN === 0 ? { kind: 'random', phase: 'asked' } : timedKill(random));
  }
  return { fleets: place(random, demand, scenarios, 1), named, wanted };
}

/** Fleets for kills whose moment never came: the work was over before. */
export function makeUp(
  seed: number,
  missed: readonly Kill[],
  scenarios: readonly Scenario[],
  firstVersion: number,
): PlannedFleet[] {
  const sooner = missed.map((kill): Kill => (kill.kind === 'point' ? { ...kill, occurrence: 1 } : kill));
  return place(createRandom(seed + firstVersion), sooner, scenarios, firstVersion);
}

function timedKill(random: Random): Timed {
  return random.below(2) === 0
    ? { kind: 'random', phase: 'start', delayMs: random.below(START_MS) }
    : { kind: 'random', phase: 'run', delayMs: START_MS + random.below(RUN_MS) };
}

/** Points that any of them meets. */
export function reachable(scenarios: readonly Scenario[]): Point[] {
  return POINTS.filter((point) => scenarios.some(({ points }) => points[point] !== undefined));
}

/** Scenarios in turn, each with what it can take of what is left, until nothing is. */
function place(
  random: Random,
  demand: readonly Kill[],
  scenarios: readonly Scenario[],
  firstVersion: number,
): PlannedFleet[] {
  const left = random.shuffled(demand);
  const fleets: PlannedFleet[] = [];
  for (let version = firstVersion - 1; left.length > 0; ) {
    const before = left.length;
    for (const scenario of scenarios) {
      if (!scenario.follows) version += 1;
      fleets.push({ scenario, version, kills: take(random, left, scenario) });
    }
    if (left.length === before) throw new Error(`No scenario can take ${JSON.stringify(left[0])}.`);
  }
  return fleets.filter(({ kills }, index) => {
    const next = fleets[index + 1];
    return kills.length > 0 || (next?.scenario.follows === true && next.kills.length > 0);
  });
}

/** Takes them out of `left`; in the order of a fleet's life, so that few come too late. */
function take(random: Random, left: Kill[], scenario: Scenario): Kill[] {
  const { points } = scenario;
  const taken: Record<Slot, Kill[]> = { before: [], while: [], asked: [], after: [] };
  const room = { before: KILLS_BEFORE, while: KILLS_WHILE_TASKS_RUN, asked: KILLS_WHILE_ASKED, after: KILLS_AFTER };
  const ofPoint = new Map<Point, number>();
  for (const kill of [...left]) {
    const slot = slotOf(kill, scenario);
    if (slot === undefined || taken[slot].length >= room[slot]) continue;
    if (kill.kind === 'point') {
      const count = ofPoint.get(kill.point) ?? 0;
      if (count >= (points[kill.point]?.most ?? 0)) continue;
      if (MADE_ONCE.includes(kill.point) && taken[slot].some((other) => isSame(kill, other, 'after'))) continue;
      ofPoint.set(kill.point, count + 1);
    }
    taken[slot].push(kill);
    left.splice(left.indexOf(kill), 1);
  }
  const byPoint = (kills: Kill[]) => kills.toSorted((one, other) => rank(one) - rank(other));
  // After an effect that arrived there is none to die before.
  const rank = (kill: Kill) =>
    kill.kind === 'point' ? POINTS.indexOf(kill.point) * SIDES.length + SIDES.indexOf(kill.side) : 0;
  const during = random.shuffled(taken.while);
  return [...byPoint(taken.before), ...during, ...taken.asked, ...byPoint(taken.after)].map((kill) =>
    kill.kind === 'point' && points[kill.point]?.when !== 'task' ? { ...kill, occurrence: 1 } : kill,
  );
}

const isSame = (one: Kill, other: Kill, side: Side): boolean =>
  one.kind === 'point' &&
  other.kind === 'point' &&
  one.point === other.point &&
  one.side === side &&
  other.side === side;

const asks = ({ steps }: Scenario): boolean => steps.some(({ when }) => when === 'asked');

type Slot = 'before' | 'while' | 'asked' | 'after';

function slotOf(kill: Kill, scenario: Scenario): Slot | undefined {
  switch (kill.kind) {
    case 'point': {
      const when = scenario.points[kill.point]?.when;
      return when === 'task' || when === 'report' ? 'while' : when;
    }
    case 'random':
      if (!isAsked(kill)) return 'while';
      return asks(scenario) ? 'asked' : undefined;
  }
}
