/** One fleet from its command to its end, its process killed on the way as planned. */
import { setTimeout as wait } from 'node:timers/promises';
import type { EndedFleet } from './gather-facts.ts';
import type { AppProcess } from './processes.ts';
import type { Kill, PlannedFleet } from './schedule.ts';
import type { FaultsWorld } from './world.ts';

export interface FleetRun {
  /** null: the command started no fleet. */
  fleet: EndedFleet | null;
  made: Kill[];
  /** What was planned and never met. */
  missed: Kill[];
  violations: string[];
}

const LOOK_MS = 40;
/** Longer than any fleet takes on a slow machine. */
const FLEET_MS = 120_000;
const KILL_MS = 20_000;

export async function runFleet(world: FaultsWorld, { scenario, version, kills }: PlannedFleet): Promise<FleetRun> {
  const { store, github } = world;
  const run: FleetRun = { fleet: null, made: [], missed: [], violations: [] };
  const left = [...kills];
  const steps = [...scenario.steps];
  const comments: number[] = [];
  const deadline = performance.now() + FLEET_MS + KILL_MS * kills.length;
  /** While a person's comment is on its way: GitHub sends it once. */
  let held = true;
  let kill = left.shift();
  let app = start(world, kill);

  if (scenario.follows) await world.moveBases(`${version}\n`);
  await deliver(world.commandIssue, `/fleet ${scenario.workflow} version=${version}`);
  for (;;) {
    if (!app.running()) {
      if (!(await wasKilled())) break;
      app = start(world, kill);
    }
    const id = comments[0] === undefined ? undefined : store.fleetOf(comments[0]);
    const step = steps[0];
    const issue = step === undefined || id === undefined ? null : store.heldIssue(id);
    if (step !== undefined && issue !== null && (await deliver(issue, step.say))) steps.shift();
    if (steps.length === 0 && store.isQuiet()) break;
    if (performance.now() > deadline) {
      run.violations.push(
        `the fleet did not end within ${Math.round((deadline - performance.now() + FLEET_MS) / 1000)} s`,
      );
      break;
    }
    killInTime();
    await Promise.race([app.ended, wait(LOOK_MS)]);
  }

  const { code, signal } = await app.stop();
  if (signal === 'SIGKILL' && world.death() !== undefined && kill !== undefined) {
    run.made.push(kill);
    kill = left.shift();
  } else if (code !== 0)
    run.violations.push(`the app ended with ${signal ?? `status ${code}`}, expected an orderly end`);
  run.missed.push(...(kill === undefined ? [] : [kill]), ...left);
  const id = comments[0] === undefined ? undefined : store.fleetOf(comments[0]);
  if (id === undefined) run.violations.push('the command started no fleet');
  else run.fleet = { id, scenario, version, comments };
  return run;

  /** Comments as a person; false: the app was killed before it knew, so that they have to say it again. */
  async function deliver(number: number, text: string): Promise<boolean> {
    held = true;
    try {
      if (!(await app.answers())) return false;
      const comment = await github.say(number, text);
      while (app.running() && !store.isStored(comment)) await Promise.race([app.ended, wait(LOOK_MS)]);
      if (!store.isStored(comment)) return false;
      comments.push(comment);
      return true;
    } finally {
      held = false;
    }
  }

  function killInTime(): void {
    if (held || kill?.kind !== 'random') return;
    if (performance.now() - app.startedAt >= kill.delayMs) app.kill();
  }

  /** Counts the kill and takes the next; false: the process ended in another way. */
  async function wasKilled(): Promise<boolean> {
    const { code, signal } = await app.ended;
    const death = world.death();
    if (signal !== 'SIGKILL' || kill === undefined || (kill.kind === 'point') !== (death !== undefined)) {
      run.violations.push(`the app ended with ${signal ?? `status ${code}`} while the fleet ran, and nobody killed it`);
      return false;
    }
    run.made.push(kill);
    kill = left.shift();
    return true;
  }
}

function start(world: FaultsWorld, kill: Kill | undefined): AppProcess {
  if (kill?.kind !== 'point') return world.startApp(null);
  const { point, side, occurrence } = kill;
  return world.startApp({ point, side, occurrence });
}
