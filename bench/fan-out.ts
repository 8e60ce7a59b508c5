import type { Benchmark, BenchmarkResult, Figure } from './benchmark.ts';
import { median, spread } from './measure.ts';
import { type BenchWorld, openWorld } from './world/open-world.ts';
import { organization, serviceName, settingsFor, warmUpName } from './world/organization.ts';
import { runFloor } from './world/run-floor.ts';

const PARALLEL = 8;
/** Of a small service; and of a large one, as those of the benchmark `warm`. */
const FILES = 200;
const MANY_FILES = 5000;
/** A server and GitHub run for weeks: their programs are compiled by then. */
const WARM_UP = 50;
/** Each repetition has an organization of its own: a first run is a first one only once. */
const SIZES: readonly Size[] = [
  { repositories: 10, files: FILES, repetitions: 5 },
  { repositories: 100, files: FILES, repetitions: 5 },
  { repositories: 500, files: FILES, repetitions: 1 },
  { repositories: 100, files: MANY_FILES, repetitions: 3 },
];

interface Size {
  repositories: number;
  /** Of each. */
  files: number;
  repetitions: number;
}

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
  about({ small }) {
    const files = small ? `${FILES}` : `${FILES} and ${MANY_FILES}`;
    return `one change in repositories of ${files} files, ${PARALLEL} at once, from the comment to its last comment, against a shell script that clones, commits, pushes and opens the pull request`;
  },
  async run({ small }) {
    const sizes = small ? [{ repositories: 10, files: FILES, repetitions: 1 }] : SIZES;
    const figures: Figure[] = [];
    for (const size of sizes) {
      const times: Times[] = [];
      for (let at = 0; at < size.repetitions; at += 1) times.push(await repetition(size, at % 2 === 1));
      figures.push(...figuresOf(nameOf(size), times));
    }
    return {
      measured: true,
      repetitions: small ? 1 : 5,
      figures,
      targets: small
        ? []
        : [
            ...[FILES, MANY_FILES].flatMap((files) => {
              const name = nameOf({ repositories: 100, files });
              return [
                { figure: `${name}: first run against the floor`, atMost: 1.3 },
                { figure: `${name}: second run against the floor`, atMost: 1 },
              ];
            }),
          ],
    } satisfies BenchmarkResult;
  },
};

const nameOf = ({ repositories, files }: Pick<Size, 'repositories' | 'files'>): string =>
  files === FILES ? `${repositories}` : `${repositories} of ${files} files`;

/** Floor and Flotilla in turns, in changing order, on the same repositories, each twice. */
async function repetition({ repositories, files }: Size, turned: boolean): Promise<Times> {
  const world = await openWorld({
    seed: organization({ repositories, files, warmUp: WARM_UP }),
    settings: settingsFor(PARALLEL),
  });
  try {
    const names = Array.from({ length: repositories }, (_, at) => serviceName(at));
    await floor(
      world,
      'warm-up',
      Array.from({ length: WARM_UP }, (_, at) => warmUpName(at)),
    );
    await fleet(world, 'warm-up', '1', WARM_UP);
    await fleet(world, 'warm-up', '2', WARM_UP);
    const [a, b] = await inOrder(
      turned,
      () => floor(world, '1', names),
      () => fleet(world, 'bench', '1', repositories),
    );
    const [c, d] = await inOrder(
      !turned,
      () => floor(world, '2', names),
      () => fleet(world, 'bench', '2', repositories),
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

/** @throws Error where a repository has no pull request: what was not done was fast */
async function fleet(world: BenchWorld, workflow: string, version: string, repositories: number): Promise<Side> {
  const command = `/fleet ${workflow} version=${version}`;
  const { wallMs, appCpuMs, gitHubCpuMs, requests } = await world.run(command);
  const opened = requests.filter(({ route, status }) => route === OPEN_PULL && status === 201).length;
  if (opened !== repositories) throw new Error(`"${command}" opened ${opened} of ${repositories} pull requests.`);
  return { wallMs, cpuMs: appCpuMs, gitHubCpuMs };
}

const OPEN_PULL = 'POST /repos/{owner}/{repo}/pulls';

function figuresOf(size: string, times: readonly Times[]): Figure[] {
  const of = (name: string, unit: Figure['unit'], value: (one: Times) => number | undefined): Figure[] => {
    const values = times.map(value).filter((found) => found !== undefined);
    if (values.length === 0) return [];
    const sorted = values.toSorted((a, b) => a - b);
    return [
      {
        name: `${size}: ${name}`,
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
