import { expect, it } from 'vitest';
import type { LoggedRequest } from '../../src/local-github/request-log.ts';
import { fillWithReadyChange, type ReadyChange } from './ready-change.ts';
import { readyWorkspaces } from './ready-workspaces.ts';
import { workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const REPOSITORIES = Number(process.env.LIMITS_REPOSITORIES ?? 2_000);
/** GitHub's, for an installation of so many repositories. */
const LIMITS = { core: 12_500, content_per_minute: 80, content_per_hour: 500, points_per_minute: 900 };
/** What the app asks of GitHub for a task of which nothing has to be told twice. */
const REQUESTS_A_TASK = 9;

const WORKFLOW = `
name: bump
services: [{ tag: app }]
parallel: true
nodes:
  - { id: write, bash: exit 1, when: "false" }
`;
const CHARGED = new Set([
  'POST /repos/{owner}/{repo}/issues',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'POST /repos/{owner}/{repo}/pulls',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
]);

const isPull = ({ route }: LoggedRequest) => route === 'POST /repos/{owner}/{repo}/pulls';
const isIssueEdit = ({ route }: LoggedRequest) => route === 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
const timesOf = (requests: readonly LoggedRequest[]) => requests.map(({ at }) => at);

async function givenFleet(): Promise<{ world: World; issue: number }> {
  let change: ReadyChange | undefined;
  const world: World = await openWorld({
    platform: { files: workflowFiles({ bump: WORKFLOW }) },
    repositories: Array.from({ length: REPOSITORIES }, (_, index) => ({
      name: `service-${String(index).padStart(4, '0')}`,
      topics: ['app'],
      files: {},
    })),
    limits: LIMITS,
    requestsKept: 20 * REPOSITORIES,
    workspaces: (github) =>
      readyWorkspaces({
        github,
        change() {
          if (change === undefined) throw new Error('The repositories have no commit yet.');
          return change;
        },
        // A task takes its time, also between two steps of another one.
        beforePrepare: async () => world.clock.move(2 * SECOND),
      }),
  });
  change = await fillWithReadyChange(world.github);
  await world.comment('mona', '/fleet bump');
  const [issue] = await world.trackingIssues();
  if (issue === undefined) throw new Error('There is no tracking issue.');
  return { world, issue: issue.number };
}

/** What the tracking issue says at a time. */
interface Told {
  at: number;
  tookMs: number;
  /** `done at about 14:20`, epoch milliseconds; null: it does not say. */
  doneAt: number | null;
}

/** Moves to the next time at which something can be sent, two minutes at most, and lets it happen. */
async function step(world: World, issue: number): Promise<Told> {
  const [next] = await world.store.read.budget.places(world.installationId);
  const now = world.clock.now();
  const before = performance.now();
  world.clock.move(Math.min(Math.max(0, (next?.at ?? now) - now), 2 * MINUTE) + SECOND);
  await world.settle();
  const tookMs = performance.now() - before;
  const said = /paced by GitHub's limits, done at about (\d\d):(\d\d) UTC/.exec((await world.issue(issue)).body ?? '');
  const day = Math.floor(now / (24 * HOUR)) * 24 * HOUR;
  const doneAt = said === null ? null : day + Number(said[1]) * HOUR + Number(said[2]) * MINUTE;
  return { at: world.clock.now(), tookMs, doneAt };
}

/** The most times in any window of that length. */
function most(times: readonly number[], length: number): number {
  let first = 0;
  let found = 0;
  times.forEach((at, last) => {
    while ((times[first] ?? at) <= at - length) first += 1;
    found = Math.max(found, last - first + 1);
  });
  return found;
}

/** How many times fall into each whole hour from the first to the last. */
function perHour(times: readonly number[], from: number, to: number): number[] {
  const hours = Math.floor((to - from) / HOUR);
  return Array.from(
    { length: hours },
    (_, hour) => times.filter((at) => at >= from + hour * HOUR && at < from + (hour + 1) * HOUR).length,
  );
}

it(`opens ${REPOSITORIES} pull requests as fast as GitHub allows, and never faster`, async () => {
  const { world, issue } = await givenFleet();
  expect(await world.fleet()).toMatchObject({ approvedAt: null, endedAt: null });
  expect(await world.pulls('service-0000')).toEqual([]);
  const planned = world.github.requests.count();

  const started = performance.now();
  await world.comment('mona', '/fleet approve', { issue });
  const ranMs = performance.now() - started;
  const told: Told[] = [];
  while (told.length < 1_000 && (await world.fleet()).endedAt === null) told.push(await step(world, issue));
  for (let rest = 0; rest < 10 && (await world.issue(issue)).state === 'open'; rest += 1) {
    world.clock.move(2 * MINUTE);
    await world.settle();
  }

  const requests = world.github.requests.all(({ actor }) => actor === 'flotilla[bot]');
  const charged = requests.filter(({ route }) => CHARGED.has(route));
  const pulls = charged.filter(isPull);
  const [first, last] = [pulls[0]?.at ?? 0, pulls.at(-1)?.at ?? 0];
  const hours = perHour(timesOf(charged), first, last);
  const slowest = told.toSorted((a, b) => b.tookMs - a.tookMs)[0];
  process.stdout.write(
    `${REPOSITORIES} repositories: charged requests by the hour ${hours.join(', ')}; ` +
      `${(requests.length / REPOSITORIES).toFixed(1)} requests a task; all tasks begun in ${Math.round(ranMs)} ms, then ` +
      `${told.length} steps, the slowest ${Math.round(slowest?.tookMs ?? 0)} ms; ` +
      `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB\n`,
  );

  const limited = requests.filter(({ status }) => status === 403 || status === 429);
  expect(limited.map(({ route, at }) => `${route} after ${(at - first) / SECOND} s`)).toEqual([]);
  expect(most(timesOf(charged), MINUTE)).toBeLessThanOrEqual(LIMITS.content_per_minute);
  expect(most(timesOf(charged), HOUR)).toBeLessThanOrEqual(LIMITS.content_per_hour);
  for (const used of hours) expect(used).toBeGreaterThanOrEqual(0.95 * LIMITS.content_per_hour);

  expect(pulls).toHaveLength(REPOSITORIES);
  expect(new Set(pulls.map(({ path }) => path)).size).toBe(REPOSITORIES);
  expect((await world.tasks()).filter(({ outcome }) => outcome !== 'changed')).toEqual([]);
  expect((await world.issue(issue)).state).toBe('closed');
  expect(requests.length - planned).toBeLessThanOrEqual(REQUESTS_A_TASK * REPOSITORIES);

  // The tracking issue tells of each pull request before long, and all the while when the last will be there.
  const edits = timesOf(charged.filter(isIssueEdit));
  const untold = pulls.map(({ at }) => (edits.find((edit) => edit >= at) ?? Number.POSITIVE_INFINITY) - at);
  const paced = told.filter(({ at }) => at > first + 20 * MINUTE && at < last - 10 * MINUTE);
  const wrong = paced.map(({ doneAt }) => Math.abs((doneAt ?? 0) - last));
  process.stdout.write(
    `the tracking issue was edited ${edits.length} times, at most ${Math.round(Math.max(...untold) / MINUTE)} minutes ` +
      `after a pull request; its estimates were wrong by ${Math.round(Math.max(...wrong) / MINUTE)} minutes at most\n`,
  );
  expect(Math.max(...untold)).toBeLessThanOrEqual(30 * MINUTE);
  expect(paced.filter(({ doneAt }) => doneAt === null)).toEqual([]);
  expect(Math.max(...wrong)).toBeLessThanOrEqual(HOUR);
}, 1_200_000);
