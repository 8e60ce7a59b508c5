import { isDeepStrictEqual } from 'node:util';
import type { Armed } from './armed.ts';
import type { AppProcess } from './processes.ts';
import type { Kill } from './schedule.ts';
import type { FaultsWorld } from './world.ts';

/** A point that was not met for so long may be one that the fleet has behind it: the next kill comes first. */
const POINT_MS = 6_000;

/** The kills of one fleet, one after another. */
export interface KillPlan {
  /** The app's next process, with the next kill before it. */
  startApp(): AppProcess;
  /** Kills at its moment, or turns to the next where a point is not met. */
  killInTime(app: AppProcess): void;
  /** After a SIGKILL: counts it and turns to the next; false when none was due. */
  count(): boolean;
  made: readonly Kill[];
  /** What was not made. */
  left(): Kill[];
}

export function createKillPlan(
  world: Pick<FaultsWorld, 'startApp' | 'arm' | 'death'>,
  kills: readonly Kill[],
): KillPlan {
  const left = [...kills];
  const made: Kill[] = [];
  /** When this process was first asked about the next kill. */
  let since: number | null = null;

  function isPassed(kill: Kill): boolean {
    return kill.kind === 'point' && left.length > 1 && since !== null && performance.now() - since >= POINT_MS;
  }

  return {
    startApp() {
      since = null;
      return world.startApp(armedBy(left[0]));
    },
    killInTime(app) {
      const [next] = left;
      if (next === undefined) return;
      if (next.kind === 'random' && performance.now() - app.startedAt >= next.delayMs) app.kill();
      since ??= performance.now();
      if (!isPassed(next)) return;
      left.push(...left.splice(0, 1));
      world.arm(armedBy(left[0]));
      since = performance.now();
    },
    count() {
      // What the process wrote down is what happened: another kill may have been armed at that moment.
      const death = world.death();
      const met = left.findIndex((kill) =>
        death === undefined ? kill.kind === 'random' : isDeepStrictEqual(armedBy(kill), death),
      );
      if (met < 0) return false;
      made.push(...left.splice(met, 1));
      return true;
    },
    made,
    left: () => [...left],
  };
}

function armedBy(kill: Kill | undefined): Armed | null {
  if (kill?.kind !== 'point') return null;
  const { point, side, occurrence } = kill;
  return { point, side, occurrence };
}
