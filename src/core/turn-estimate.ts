/** When tasks in the queue come to their turn, for the people who wait: the turns of all fleets, played forward. */
import { type Caps, createSlots, type FleetLoad } from './slots.ts';

/** Of one fleet's tasks; fewer say less of the next one than what the tasks of all took. */
const LEAST_OF_FLEET = 3;
/** What is played does not grow with the queues. */
const MOST_STARTS = 2_000;
/** While nobody knows how long tasks take: the order of the turns can be told all the same. */
const UNKNOWN_MS = 60_000;

/** Times are epoch milliseconds. */
export interface FleetLine extends Pick<FleetLoad, 'fleetId' | 'userId' | 'parallel' | 'parked'> {
  /** When each of its running tasks started. */
  runningSince: readonly number[];
  /** How many wait for their turn, in parts: one begins when all before it has ended. */
  queued: readonly number[];
}

export interface QueueView {
  caps: Caps;
  /** Approved and unended, oldest first. */
  fleets: readonly FleetLine[];
  /** How long tasks took of late. */
  took: readonly { fleetId: string; ms: number }[];
}

/** Times are epoch milliseconds; null: no task has ended by which it could be told. */
export interface TurnEstimate {
  /** Of the queued tasks in order. `behind`: how many tasks of other fleets start before. */
  turns: readonly { startsAt: number | null; behind: number }[];
  /** When the last of the queue has ended, with those that run. */
  doneAt: number | null;
}

interface Playing extends FleetLoad {
  eachMs: number;
  parts: number[];
}

interface AtWork {
  load: Playing;
  endsAt: number;
}

/**
 * One that runs is taken to end as late as others of its fleet did, and one that is late already to end now. Beyond
 * the latest start that was played the pace of those before counts.
 */
export function estimateTurns({ caps, fleets, took }: QueueView, fleetId: string, now: number): TurnEstimate {
  const loads = fleets.map((line) => playing(line, took));
  const slots = createSlots(loads, caps);
  const atWork = loads.flatMap((load, index) => begun(load, fleets[index], now));
  const turns: { startsAt: number | null; behind: number }[] = [];
  const own = sum(loads.find((load) => load.fleetId === fleetId)?.parts ?? []);
  let [at, behind] = [now, 0];
  let grounded = true;
  while (turns.length < own && turns.length + behind < MOST_STARTS) {
    const load = slots.inTurn().find((one) => mayStart(one, atWork));
    if (load !== undefined) {
      slots.take(load, false);
      load.parts[0] = (load.parts[0] ?? 0) - 1;
      atWork.push({ load, endsAt: at + load.eachMs });
      if (load.fleetId === fleetId) turns.push({ startsAt: grounded ? at : null, behind });
      else behind += 1;
      continue;
    }
    const next = earliest(atWork);
    if (next === undefined) return { turns, doneAt: null };
    atWork.splice(atWork.indexOf(next), 1);
    slots.giveBack(next.load);
    at = next.endsAt;
    grounded = took.length > 0;
  }
  return { turns, doneAt: took.length === 0 || turns.length === 0 ? null : doneAt() };

  function doneAt(): number {
    const played = Math.max(...atWork.flatMap(({ load, endsAt }) => (load.fleetId === fleetId ? [endsAt] : [])), at);
    return now + ((played - now) * own) / turns.length;
  }
}

function playing(line: FleetLine, took: QueueView['took']): Playing {
  const { fleetId, userId, parallel, parked, runningSince, queued } = line;
  const ofFleet = took.filter((one) => one.fleetId === fleetId);
  const all = (ofFleet.length < LEAST_OF_FLEET ? took : ofFleet).map(({ ms }) => ms);
  const eachMs = all.length === 0 ? UNKNOWN_MS : sum(all) / all.length;
  // A parked one takes a slot again before others begin.
  return { fleetId, userId, parallel, running: runningSince.length + parked, parked: 0, eachMs, parts: [...queued] };
}

function begun(load: Playing, line: FleetLine | undefined, now: number): AtWork[] {
  const since = [...(line?.runningSince ?? []), ...Array.from({ length: line?.parked ?? 0 }, () => now)];
  return since.map((start) => ({ load, endsAt: Math.max(now, start + load.eachMs) }));
}

function mayStart(load: Playing, atWork: readonly AtWork[]): boolean {
  if (load.parts[0] === 0 && load.parts.length > 1 && atWork.every((one) => one.load !== load)) load.parts.shift();
  return (load.parts[0] ?? 0) > 0;
}

function earliest(atWork: readonly AtWork[]): AtWork | undefined {
  let first = atWork[0];
  for (const one of atWork) if (first !== undefined && one.endsAt < first.endsAt) first = one;
  return first;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
