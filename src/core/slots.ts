/** Who takes the next free slot: fair between fleets, and never over a cap. */

export interface Caps {
  /** Running tasks of this process. */
  system: number;
  /** Running tasks of one person, by run_as. */
  perUser: number;
}

/** How much of the caps a fleet takes now. */
export interface FleetLoad {
  fleetId: string;
  /** Id of the person whose permission counts. */
  userId: number;
  /** The plan's `parallel`; null: only the caps hold. */
  parallel: number | null;
  /** Running tasks; a waiting one holds no slot. */
  running: number;
  /** Tasks that are queued again in the middle of publishing, such as for GitHub's limits: they hold no slot, but their place in `parallel`. */
  parked: number;
}

/** What is free under the caps, as tasks take it. */
interface Slots<Load extends FleetLoad> {
  /** Slots that the caps leave to this fleet, without its `parallel`. */
  free(load: Load): number;
  /** Fleets that may begin with a task, the one whose turn it is first. */
  inTurn(): Load[];
  /** How many tasks it may begin with. */
  room(load: Load): number;
  take(load: Load, parked: boolean): void;
  /** One of its tasks has ended. */
  giveBack(load: Load): void;
}

/** `loads`: oldest first. */
export function createSlots<Load extends FleetLoad>(loads: readonly Load[], caps: Caps): Slots<Load> {
  const started = new Map(loads.map(({ fleetId, running, parked }) => [fleetId, { running, begun: running + parked }]));
  const ofUser = new Map<number, number>();
  for (const { userId, running } of loads) ofUser.set(userId, (ofUser.get(userId) ?? 0) + running);
  let total = loads.reduce((sum, load) => sum + load.running, 0);

  const of = (load: Load) => started.get(load.fleetId) ?? { running: 0, begun: 0 };
  const free = (load: Load) => Math.min(caps.system - total, caps.perUser - (ofUser.get(load.userId) ?? 0));
  const room = (load: Load) => Math.min(free(load), (load.parallel ?? Number.POSITIVE_INFINITY) - of(load).begun);
  const change = (load: Load, running: 1 | -1, begun: 1 | 0 | -1) => {
    const before = of(load);
    started.set(load.fleetId, { running: before.running + running, begun: before.begun + begun });
    ofUser.set(load.userId, (ofUser.get(load.userId) ?? 0) + running);
    total += running;
  };
  return {
    free,
    room,
    /** Sorting is stable, so the older fleet stays first on a tie. */
    inTurn: () => loads.filter((load) => room(load) > 0).toSorted((a, b) => of(a).running - of(b).running),
    take: (load, parked) => change(load, 1, parked ? 0 : 1),
    giveBack: (load) => change(load, -1, -1),
  };
}
