/** One fleet from its command to its end, its process killed on the way as planned. */
import { setTimeout as wait } from 'node:timers/promises';
import type { EndedFleet } from './gather-facts.ts';
import { createKillPlan } from './kill-plan.ts';
import type { AppProcess, Ended } from './processes.ts';
import type { Step } from './scenarios.ts';
import type { Kill, PlannedFleet } from './schedule.ts';
import type { FaultsWorld } from './world.ts';

export interface FleetRun {
  /** null: the command started no fleet. */
  fleet: EndedFleet | null;
  made: readonly Kill[];
  /** What was planned and never met. */
  missed: Kill[];
  violations: string[];
}

const LOOK_MS = 40;
/** Longer than any fleet takes on a slow machine. */
const FLEET_MS = 120_000;
const KILL_MS = 20_000;
/** Of the ten that run. */
const MOST_TASKS = 9;

export async function runFleet(world: FaultsWorld, planned: PlannedFleet): Promise<FleetRun> {
  const { scenario, version, kills } = planned;
  const { store } = world;
  const plan = createKillPlan(world, planned);
  const steps = [...scenario.steps];
  const comments: number[] = [];
  const violations: string[] = [];
  const limit = FLEET_MS + KILL_MS * kills.length;
  const deadline = performance.now() + limit;
  const fleetId = () => (comments[0] === undefined ? undefined : store.fleetOf(comments[0]));

  if (scenario.follows) await world.moveBases(`${version}\n`);
  if (scenario.trouble !== undefined) await world.fail(scenario.trouble);
  let app = plan.startApp();
  const command = ['/fleet', scenario.workflow, `version=${version}`, ...(scenario.flags?.split(' ') ?? [])].join(' ');
  comments.push(...(await deliver(world, app, world.commandIssue, command)));
  for (;;) {
    if (!app.running()) {
      const how = await app.ended;
      if (how.signal !== 'SIGKILL' || !plan.count()) {
        violations.push(`the app ${words(how)} while the fleet ran, and nobody killed it`);
        break;
      }
      app = plan.startApp();
    }
    const [step] = steps;
    const issue = step === undefined ? null : issueFor(world, step.when, fleetId() ?? '');
    if (step?.when === 'asked' && issue !== null && plan.killAsked(app)) {
      await app.ended;
      continue;
    }
    if (step !== undefined && issue !== null) {
      if (step.mends) await world.moveBases(`${version}\n`);
      const given = await deliver(world, app, issue, step.say);
      if (given.length > 0) steps.shift();
      comments.push(...given);
    }
    if (steps.length === 0 && store.isQuiet()) break;
    if (performance.now() > deadline) {
      violations.push(`the fleet did not end within ${limit / 1000} s`);
      break;
    }
    if (store.endedTasks(fleetId() ?? '') >= MOST_TASKS) plan.late();
    plan.killInTime(app);
    await Promise.race([app.ended, wait(LOOK_MS)]);
  }

  const how = await app.stop();
  await world.beWell();
  const killed = how.signal === 'SIGKILL' && plan.count();
  if (!killed && how.code !== 0) violations.push(`the app ${words(how)}, an orderly end was expected`);
  const id = fleetId();
  if (id === undefined) violations.push('the command started no fleet');
  const fleet = id === undefined ? null : { id, scenario, version, comments };
  return { fleet, made: plan.made, missed: plan.left(), violations };
}

/**
 * Comments as a person, and waits until the app has stored it: GitHub sends it once. Returns the comment, or nothing
 * when the app died before it knew, so that the person has to say it again.
 */
async function deliver(
  { github, store }: FaultsWorld,
  app: AppProcess,
  issue: number,
  text: string,
): Promise<number[]> {
  if (!(await app.answers())) return [];
  const comment = await github.say(issue, text);
  while (app.running() && !store.isStored(comment)) await Promise.race([app.ended, wait(LOOK_MS)]);
  return store.isStored(comment) ? [comment] : [];
}

/** Where people say the next thing; null: not yet. */
function issueFor({ store }: FaultsWorld, when: Step['when'], fleetId: string): number | null {
  switch (when) {
    case 'held':
      return store.heldIssue(fleetId);
    case 'asked':
      return store.askedIssue(fleetId);
    case 'ended':
      return store.endedIssue(fleetId);
  }
}

const words = ({ code, signal }: Ended): string => `ended with ${signal ?? `status ${code}`}`;
