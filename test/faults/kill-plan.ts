import { isDeepStrictEqual } from 'node:util';
import type { Armed } from './armed.ts';
import type { AppProcess } from './processes.ts';
import type { Kill, PlannedFleet } from './schedule.ts';
import type { FaultsWorld } from './world.ts';

/** Where no point was met for so long, the fleet may have them behind it: a kill at a random moment comes first. */
const POINT_MS = 5_000;

/** The kills of one fleet. */
export interface KillPlan {
  /** The app's next process: it dies at whichever of the points that are left it meets first. */
  startApp(): AppProcess;
  /** Most tasks have ended: from now on also at points that come last, which would else cost the first tasks too many tries. */
  late(): void;
  /** Kills at a random moment, when it has come. */
  killInTime(app: AppProcess): void;
  /** Kills with one at a random moment for which this is as good as any; false: none is left. */
  killNow(app: AppProcess): boolean;
  /** After a SIGKILL: counts it; false when none was due. */
  count(): boolean;
  made: readonly Kill[];
  /** What was not made. */
  left(): Kill[];
}

export function createKillPlan(
  world: Pick<FaultsWorld, 'startApp' | 'arm' | 'death'>,
  { scenario, kills }: PlannedFleet,
): KillPlan {
  const left = [...kills];
  const made: Kill[] = [];
  let isLate = false;

  const armed = () =>
    left
      .filter((kill) => kill.kind === 'point' && (isLate || scenario.points[kill.point]?.when !== 'after'))
      .flatMap(armedBy);

  return {
    startApp: () => world.startApp(armed()),
    late() {
      if (!isLate) {
        isLate = true;
        world.arm(armed());
      }
    },
    killInTime(app) {
      const age = performance.now() - app.startedAt;
      const next =
        left[0]?.kind === 'random' || age >= POINT_MS ? left.find(({ kind }) => kind === 'random') : undefined;
      if (next?.kind === 'random' && age >= next.delayMs) app.kill();
    },
    killNow(app) {
      const isDue = left.some(({ kind }) => kind === 'random');
      if (isDue) app.kill();
      return isDue;
    },
    count() {
      // What the process wrote down is what happened.
      const death = world.death();
      const met = left.findIndex((kill) =>
        death === undefined ? kill.kind === 'random' : isDeepStrictEqual(armedBy(kill), [death]),
      );
      if (met < 0) return false;
      made.push(...left.splice(met, 1));
      return true;
    },
    made,
    left: () => [...left],
  };
}

function armedBy(kill: Kill): Armed[] {
  if (kill.kind !== 'point') return [];
  const { point, side, occurrence } = kill;
  return [{ point, side, occurrence }];
}
