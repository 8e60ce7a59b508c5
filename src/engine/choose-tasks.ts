import type { FleetLoad } from '../store/contract/fleets.ts';

export interface Caps {
  /** Running tasks of this process. */
  system: number;
  /** Running tasks of one person, by run_as. */
  perUser: number;
}

export interface Candidate {
  id: string;
  fleetId: string;
  repositoryId: number;
  branch: string;
}

interface Candidates {
  /** Tasks that had begun to publish, in the order in which they may go on. */
  parked: readonly Candidate[];
  /** Tasks that begin, in plan order within a fleet. */
  queued: readonly Candidate[];
}

/**
 * Which queued tasks start now, in order. A parked one goes first: it holds a place in GitHub's budget that passes by,
 * and it counts in its fleet's `parallel` already. Then each free slot goes to the fleet with the fewest running tasks
 * that has room (the older one on a tie), and there to the first task of the plan.
 * `loads` has every approved fleet, oldest first.
 */
export function chooseTasks(candidates: Candidates, loads: readonly FleetLoad[], caps: Caps): string[] {
  const queues = Map.groupBy(candidates.queued, (candidate) => candidate.fleetId);
  const slots = createSlots(loads, caps);
  const chosen: string[] = [];
  const taken = new Set<string>();
  const start = (candidate: Candidate, load: FleetLoad, parked: boolean) => {
    const branch = `${candidate.repositoryId} ${candidate.branch}`;
    if (taken.has(branch)) return;
    taken.add(branch);
    chosen.push(candidate.id);
    slots.take(load, parked);
  };

  for (const candidate of candidates.parked) {
    const load = loads.find(({ fleetId }) => fleetId === candidate.fleetId);
    if (load !== undefined && slots.free(load) > 0) start(candidate, load, true);
  }
  for (;;) {
    const withTasks = slots.inTurn().filter(({ fleetId }) => (queues.get(fleetId)?.length ?? 0) > 0);
    const load = withTasks[0];
    const candidate = load && queues.get(load.fleetId)?.shift();
    if (load === undefined || candidate === undefined) return chosen;
    start(candidate, load, false);
  }
}

/** What is free under the caps, as tasks take it. */
interface Slots {
  /** Slots that the caps leave to this fleet, without its `parallel`. */
  free(load: FleetLoad): number;
  /** Fleets that may begin with a task, the one whose turn it is first. */
  inTurn(): FleetLoad[];
  /** How many tasks it may begin with. */
  room(load: FleetLoad): number;
  take(load: FleetLoad, parked: boolean): void;
}

export function createSlots(loads: readonly FleetLoad[], caps: Caps): Slots {
  const started = new Map(loads.map(({ fleetId, running, parked }) => [fleetId, { running, begun: running + parked }]));
  const ofUser = new Map<number, number>();
  for (const { userId, running } of loads) ofUser.set(userId, (ofUser.get(userId) ?? 0) + running);
  let total = loads.reduce((sum, load) => sum + load.running, 0);

  const of = (load: FleetLoad) => started.get(load.fleetId) ?? { running: 0, begun: 0 };
  const free = (load: FleetLoad) => Math.min(caps.system - total, caps.perUser - (ofUser.get(load.userId) ?? 0));
  const room = (load: FleetLoad) => Math.min(free(load), (load.parallel ?? Number.POSITIVE_INFINITY) - of(load).begun);
  return {
    free,
    room,
    /** Sorting is stable, so the older fleet stays first on a tie. */
    inTurn: () => loads.filter((load) => room(load) > 0).toSorted((a, b) => of(a).running - of(b).running),
    take(load, parked) {
      const { running, begun } = of(load);
      started.set(load.fleetId, { running: running + 1, begun: parked ? begun : begun + 1 });
      ofUser.set(load.userId, (ofUser.get(load.userId) ?? 0) + 1);
      total += 1;
    },
  };
}
