import type { Benchmark, BenchmarkResult, Figure } from './benchmark.ts';
import { median, spread } from './measure.ts';
import { type BenchWorld, openWorld } from './world/open-world.ts';
import { organization, serviceName, settingsFor, warmUpName } from './world/organization.ts';
import { runFloor } from './world/run-floor.ts';

const PARALLEL = 8;
const FILES = 200;
const WARM_UP = 16;
/** Each repetition has an organization of its own: a first run is a first one only once. */
const SIZES = [
  { repositories: 10, repetitions: 5 },
  { repositories: 100, repetitions: 3 },
  { repositories: 500, repetitions: 1 },
] as const;

/** Milliseconds of one repetition; processor times are undefined where they are not known. */
interface Times {
  floor: Side;
  first: Side;
  floorAgain: Side;
  second: Side;
}

interface Side {
  wallMs: number;
  cpuMs: number | undefined;
  gitHubCpuMs: number | undefined;
}

/** What people do without Flotilla is as fast as this can be; what it does more for them must not cost them time. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  about: `one change in repositories of ${FILES} files, ${PARALLEL} at once, from the comment to its last comment, against a shell script that clones, commits, pushes and opens the pull request`,
  async run({ small }) {
    const sizes = small ? [{ repositories: 10, repetitions: 1 }] : SIZES;
    const figures: Figure[] = [];
    for (const { repositories, repetitions } of sizes) {
      const times: Times[] = [];
      for (let at = 0; at < repetitions; at += 1) times.push(await repetition(repositories, at % 2 === 1));
      figures.push(...figuresOf(repositories, times));
    }
    return {
      measured: true,
      repetitions: small ? 1 : 3,
      figures,
      targets: small
        ? []
        : [
            { figure: '100: first run against the floor', atMost: 1.3 },
            { figure: '100: second run against the floor', atMost: 1 },
          ],
    } satisfies BenchmarkResult;
  },
};

/** Floor and Flotilla in turns, in changing order, on the same repositories, each twice. */
async function repetition(count: number, turned: boolean): Promise<Times> {
  const world = await openWorld({
    seed: organization({ repositories: count, files: FILES, warmUp: WARM_UP }),
    settings: settingsFor(PARALLEL),
  });
  try {
    const names = Array.from({ length: count }, (_, at) => serviceName(at));
    await floor(
      world,
      'warm-up',
      Array.from({ length: WARM_UP }, (_, at) => warmUpName(at)),
    );
    await fleet(world, 'warm-up', '1');
    await fleet(world, 'warm-up', '2');
    const [a, b] = await inOrder(
      turned,
      () => floor(world, '1', names),
      () => fleet(world, 'bench', '1'),
    );
    const [c, d] = await inOrder(
      !turned,
      () => floor(world, '2', names),
      () => fleet(world, 'bench', '2'),
    );
    return { floor: a, first: b, floorAgain: c, second: d };
  } finally {
    await world.close();
  }
}

async function inOrder(turned: boolean, one: () => Promise<Side>, other: () => Promise<Side>): Promise<[Side, Side]> {
  if (!turned) return [await one(), await other()];
  const last = await other();
  return [await one(), last];
}

const floor = (world: BenchWorld, version: string, repositories: readonly string[]): Promise<Side> =>
  runFloor(world, { repositories, parallel: PARALLEL, version });

async function fleet(world: BenchWorld, workflow: string, version: string): Promise<Side> {
  const { wallMs, appCpuMs, gitHubCpuMs } = await world.run(`/fleet ${workflow} version=${version}`);
  return { wallMs, cpuMs: appCpuMs, gitHubCpuMs };
}

function figuresOf(count: number, times: readonly Times[]): Figure[] {
  const of = (name: string, unit: Figure['unit'], value: (one: Times) => number | undefined): Figure[] => {
    const values = times.map(value).filter((found) => found !== undefined);
    if (values.length === 0) return [];
    const sorted = values.toSorted((a, b) => a - b);
    return [
      {
        name: `${count}: ${name}`,
        value: median(sorted),
        unit,
        ...(sorted.length === 1 ? {} : { spread: spread(sorted) }),
      },
    ];
  };
  const side = (name: string, which: keyof Times): Figure[] => [
    ...of(`${name}, wall`, 's', (one) => one[which].wallMs / 1000),
    ...of(`${name}, its CPU`, 's', (one) => inSeconds(one[which].cpuMs)),
    ...of(`${name}, GitHub's CPU`, 's', (one) => inSeconds(one[which].gitHubCpuMs)),
  ];
  return [
    ...side('floor', 'floor'),
    ...side('first run', 'first'),
    ...side('second run', 'second'),
    ...of('first run against the floor', '×', ({ floor, first }) => first.wallMs / floor.wallMs),
    ...of('second run against the floor', '×', ({ floorAgain, second }) => second.wallMs / floorAgain.wallMs),
  ];
}

const inSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
