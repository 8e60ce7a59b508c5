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

/**
 * Which queued tasks start now, in order: each free slot goes to the fleet with the fewest running tasks that is under
 * its `parallel` and its person's cap (the older one on a tie), and there to the first task of the plan.
 * `candidates` are in plan order within a fleet, `loads` has every approved fleet, oldest first.
 */
export function chooseTasks(candidates: readonly Candidate[], loads: readonly FleetLoad[], caps: Caps): string[] {
  const queues = Map.groupBy(candidates, (candidate) => candidate.fleetId);
  const running = new Map(loads.map((load) => [load.fleetId, load.running]));
  const ofUser = new Map<number, number>();
  for (const load of loads) ofUser.set(load.userId, (ofUser.get(load.userId) ?? 0) + load.running);
  let free = caps.system - loads.reduce((sum, load) => sum + load.running, 0);

  const chosen: string[] = [];
  const taken = new Set<string>();
  const runs = (load: FleetLoad) => running.get(load.fleetId) ?? 0;
  const mayRun = (load: FleetLoad) =>
    runs(load) < (load.parallel ?? Number.POSITIVE_INFINITY) && (ofUser.get(load.userId) ?? 0) < caps.perUser;

  while (free > 0) {
    const next = loads
      .filter((load) => mayRun(load) && (queues.get(load.fleetId)?.length ?? 0) > 0)
      .reduce<FleetLoad | undefined>((best, load) => (best && runs(best) <= runs(load) ? best : load), undefined);
    if (next === undefined) break;
    const candidate = queues.get(next.fleetId)?.shift();
    if (candidate === undefined) break;
    const branch = `${candidate.repositoryId} ${candidate.branch}`;
    if (taken.has(branch)) continue;
    taken.add(branch);
    chosen.push(candidate.id);
    running.set(next.fleetId, runs(next) + 1);
    ofUser.set(next.userId, (ofUser.get(next.userId) ?? 0) + 1);
    free -= 1;
  }
  return chosen;
}
