import { openAdmission } from './admission.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { inTurns, median, spread } from './measure.ts';
import { insertFullFleet } from './world/full-fleet.ts';
import { type EngineRun, openEngine } from './world/open-engine.ts';
import { requireHistory } from './world/require-history.ts';

/** One person alone may use them all, so that both cases have the same slots. */
const CAPS = { system: 8, perUser: 8 };
const TARGET = 200;
/** One ends it, and one starts it, which is shared with what starts at the same moment: any more would be one too many. */
const TRANSACTIONS = 2;

export const engine: Benchmark = {
  name: 'engine',
  about: () => `tasks without work, at most ${CAPS.system} at once, each change of state on disk before the next`,
  async run({ small }) {
    const [tasks, fleets, repetitions] = small ? [500, 5, 1] : [10_000, 20, 3];
    if (!small) await work(1, 1000);
    const [one, many]: [EngineRun[], EngineRun[]] = [[], []];
    for (let round = 0; round < repetitions; round += 1) {
      one.push(await work(1, tasks));
      many.push(await work(fleets, tasks / fleets));
    }
    const names = [`one fleet of ${tasks}`, `${fleets} fleets of ${tasks / fleets}`] as const;
    return {
      measured: true,
      repetitions,
      figures: [
        rate(names[0], tasks, one),
        rate(names[1], tasks, many),
        { name: 'transactions', value: Math.max(...one.map(({ commits }) => commits / tasks)), unit: 'per task' },
        ...(await admissions(small ? [100, 500] : [100, 10_000], small ? 20 : 200)),
      ],
      targets: [
        ...names.map((figure) => ({ figure, atLeast: TARGET })),
        { figure: 'transactions', atMost: TRANSACTIONS, counted: true },
      ],
    };
  },
};

/** Each fleet is of another person and in the same repositories, on a branch of its own. */
async function work(fleets: number, tasksOfEach: number): Promise<EngineRun> {
  const world = await openEngine(CAPS);
  try {
    const ids = Array.from({ length: fleets }, (_, index) => `f-${index}`);
    for (const [index, id] of ids.entries()) {
      await insertFullFleet(world.store, id, tasksOfEach, { runAs: { id: 501 + index, login: `person-${index}` } });
    }
    const run = await world.work(fleets * tasksOfEach);
    const wanted = ids.map((id) => ({ id, tasks: tasksOfEach }));
    await requireHistory(world.file, wanted);
    return run;
  } finally {
    await world.close();
  }
}

function rate(name: string, tasks: number, runs: readonly EngineRun[]): Figure {
  const rates = runs.map(({ wallMs }) => (tasks / wallMs) * 1000).toSorted((a, b) => a - b);
  return { name, value: median(rates), unit: 'per second', spread: spread(rates) };
}

async function admissions([short, long]: [number, number], repetitions: number): Promise<Figure[]> {
  const [few, all] = [await openAdmission(short, CAPS), await openAdmission(long, CAPS)];
  try {
    const times = await inTurns({ few: few.admission, all: all.admission }, { warmUp: repetitions / 10, repetitions });
    return [
      { name: `admission of ${short} queued`, value: median(times.few), unit: 'ms', spread: spread(times.few) },
      { name: `admission of ${long} queued`, value: median(times.all), unit: 'ms', spread: spread(times.all) },
      { name: 'ratio of admissions', value: median(times.all) / median(times.few), unit: '×' },
    ];
  } finally {
    await few.close();
    await all.close();
  }
}
