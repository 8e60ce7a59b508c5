import { type Caps, createSlots, type FleetLoad } from '../core/slots.ts';

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
