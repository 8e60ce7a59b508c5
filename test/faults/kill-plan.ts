import { isDeepStrictEqual } from 'node:util';
import type { Armed } from './armed.ts';
import type { AppProcess } from './processes.ts';
import { isAsked, type Kill, type PlannedFleet, type Timed } from './schedule.ts';
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
  /** No task can go on before a person decides: kills with what was kept for that; false: none is left. */
  killAsked(app: AppProcess): boolean;
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
  /** What the process that runs was killed with. */
  let sent: Kill | undefined;

  const armed = () =>
    left
      .filter((kill) => kill.kind === 'point' && (isLate || scenario.points[kill.point]?.when !== 'after'))
      .flatMap(armedBy);

  function killWith(kill: Kill, app: AppProcess): void {
    sent = kill;
    app.kill();
  }

  return {
    startApp() {
      sent = undefined;
      return world.startApp(armed());
    },
    late() {
      if (!isLate) {
        isLate = true;
        world.arm(armed());
      }
    },
    killInTime(app) {
      const age = performance.now() - app.startedAt;
      const next = left[0]?.kind === 'random' || age >= POINT_MS ? left.find(isTimed) : undefined;
      if (next !== undefined && age >= next.delayMs) killWith(next, app);
    },
    killAsked(app) {
      const next = left.find(isAsked);
      if (next !== undefined) killWith(next, app);
      return next !== undefined;
    },
    count() {
      // What the process wrote down is what happened.
      const death = world.death();
      const met = left.findIndex((kill) =>
        death === undefined ? kill === sent : isDeepStrictEqual(armedBy(kill), [death]),
      );
      if (met < 0) return false;
      made.push(...left.splice(met, 1));
      return true;
    },
    made,
    left: () => [...left],
  };
}

const isTimed = (kill: Kill): kill is Timed => kill.kind === 'random' && !isAsked(kill);

function armedBy(kill: Kill): Armed[] {
  if (kill.kind !== 'point') return [];
  const { point, side, occurrence } = kill;
  return [{ point, side, occurrence }];
}
