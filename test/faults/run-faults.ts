/**
 * Whether a crash loses or doubles anything: `npm run test:faults -- --kills 200 --seed 7`, or with `--scenario refused` with
 * fleets of one kind alone. The app is killed with SIGKILL again and again while fleets run, and each fleet is looked at when
 * it has ended. The same seed makes the same schedule: the fleets, the points with their occurrences and the moments; which
 * task stands where at that moment is the machine's.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { memoryFolder } from '../memory-folder.ts';
import { checkFleet, countExtras, isGivenUp } from './check-fleet.ts';
import { countResumed } from './check-resumption.ts';
import { coverageOf, coverageTable, metLine, missing } from './coverage.ts';
import { gatherFacts } from './gather-facts.ts';
import { loggedErrors } from './logged-errors.ts';
import { runFleet } from './run-fleet.ts';
import { ALL, chooseScenarios, FEW, type Scenario } from './scenarios.ts';
import { COVERS_ALL, isAsked, type Kill, makeSchedule, makeUp, type PlannedFleet, reachable } from './schedule.ts';
import { type FaultsWorld, openWorld } from './world.ts';

/** Fleets for kills that were missed, again for those that they missed, and so on. */
const MAKE_UPS = 4;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Tally {
  fleets: number;
  made: Kill[];
  extras: number;
  givenUp: number;
  resumed: number;
  violations: string[];
}

interface Options {
  kills: number;
  seed: number;
  keep: boolean;
  scenarios: readonly Scenario[];
}

async function main({ kills, seed, keep, scenarios }: Options): Promise<boolean> {
  const { fleets, named, wanted } = makeSchedule(seed, kills, scenarios);
  const share = named > Math.ceil(kills / 2) ? ', more than half, to cover every point' : '';
  say(
    `seed ${seed}: ${kills} kills in ${fleets.length} fleets; ${named} at points${share}, ${kills - named} at random moments`,
  );
  const folder = mkdtempSync(join(memoryFolder().TMPDIR ?? tmpdir(), 'flotilla-faults-'));
  const tally: Tally = { fleets: 0, made: [], extras: 0, givenUp: 0, resumed: 0, violations: [] };
  const world = await openWorld(folder, scenarios, watchedEnvironment());
  try {
    let planned = fleets;
    let lastVersion = 0;
    for (let round = 0; planned.length > 0 && round <= MAKE_UPS; round += 1) {
      const missed = await runAll(world, planned, tally);
      lastVersion = Math.max(lastVersion, ...planned.map(({ version }) => version));
      planned = makeUp(seed, missed, scenarios, lastVersion + 1);
    }
    for (const { kills: never } of planned) {
      for (const kill of never) tally.violations.push(`never met: ${describe(kill)}`);
    }
    tally.violations.push(...missing(coverageOf(tally.made), reachable(scenarios), wanted));
    tally.violations.push(...loggedErrors(world.log()));
    if (kills >= COVERS_ALL && scenarios === ALL) tally.violations.push(...neverMet(tally));
    const effects = world.store.countEffects();
    const clean = tally.violations.length === 0;
    say(`\n${coverageTable(coverageOf(tally.made), reachable(scenarios))}`);
    say(metLine(coverageOf(tally.made), reachable(scenarios)));
    const random = tally.made.filter(({ kind }) => kind === 'random').length;
    say(`random moments: ${random}; duplicates that the app closed: ${tally.extras}`);
    say(`tasks given up because their process ended five times: ${tally.givenUp}`);
    say(`tasks that went on from where they were written down: ${tally.resumed}`);
    say(`kills while every task waited for a person: ${tally.made.filter(isAsked).length}`);
    for (const violation of tally.violations) say(`VIOLATION (seed ${seed}) ${violation}`);
    if (!clean || keep) say(`What is left of the run, with the logs: ${folder}`);
    say(
      `kills=${tally.made.length} fleets=${tally.fleets} effects=${effects} violations=${tally.violations.length} seed=${seed}`,
    );
    return clean;
  } finally {
    await world.close();
    if (tally.violations.length === 0 && !keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** Of what no point names. */
function neverMet({ resumed, made }: Tally): string[] {
  return [
    ...(resumed > 0 ? [] : ['no task went on from where it was written down']),
    ...(made.some(isAsked) ? [] : ['no kill came while every task waited for a person']),
  ];
}

/** @returns the kills that were not made */
async function runAll(world: FaultsWorld, planned: readonly PlannedFleet[], tally: Tally): Promise<Kill[]> {
  const missed: Kill[] = [];
  for (const fleet of planned) {
    const began = performance.now();
    const firstKill = tally.made.length + 1;
    tally.fleets += 1;
    const run = await runFleet(world, fleet);
    const faults = [...run.violations];
    if (run.fleet !== null) {
      const facts = await gatherFacts(world, run.fleet);
      faults.push(...checkFleet(facts));
      tally.extras += countExtras(facts);
      tally.resumed += countResumed(facts.events);
      tally.givenUp += facts.tasks.filter((task) => isGivenUp(task, facts.events)).length;
    }
    tally.made.push(...run.made);
    missed.push(...run.missed);
    const lastKill = tally.made.length;
    const where = `fleet ${tally.fleets} ${fleet.scenario.name} ${run.fleet?.id ?? '-'} version=${fleet.version}`;
    tally.violations.push(...faults.map((fault) => `${where}, kills ${firstKill}-${lastKill}: ${fault}`));
    const took = ((performance.now() - began) / 1000).toFixed(1);
    say(`${where}: ${took} s, ${faults.length} violations; ${run.made.map(describe).join(', ') || 'no kill'}`);
    if (run.missed.length > 0) say(`  not met: ${run.missed.map(describe).join(', ')}`);
    for (const fault of faults) say(`  ${fault}`);
  }
  return missed;
}

function describe(kill: Kill): string {
  if (isAsked(kill)) return 'random while every task waits';
  if (kill.kind === 'random') return `random ${kill.delayMs} ms`;
  return `${kill.side} ${kill.point}${kill.occurrence === 1 ? '' : ` (${kill.occurrence})`}`;
}

/** What a test gives this process so that the local GitHub is compared with GitHub's contract. */
function watchedEnvironment(): Record<string, string> {
  const { NODE_OPTIONS, CONTRACT_FOLDER, CONTRACT_OWNER } = process.env;
  if (NODE_OPTIONS === undefined || CONTRACT_FOLDER === undefined || CONTRACT_OWNER === undefined) return {};
  return { NODE_OPTIONS, CONTRACT_FOLDER, CONTRACT_OWNER };
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string' },
    scenario: { type: 'string', multiple: true },
    keep: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills ?? 200);
const seed = Number(values.seed ?? randomInt(1, 2 ** 31));
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  process.stderr.write('test:faults takes whole numbers: --kills <n> --seed <n>, and --scenario <name> and --keep\n');
  process.exit(2);
}
const usual = kills >= COVERS_ALL ? ALL : FEW;
const scenarios = values.scenario === undefined ? usual : chooseScenarios(values.scenario);
if (scenarios.length === 0) {
  process.stderr.write(`There is no such scenario. There are ${ALL.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}
process.exit((await main({ kills, seed, keep: values.keep, scenarios })) ? 0 : 1);
