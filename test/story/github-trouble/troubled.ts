import { expect } from 'vitest';
import type { LoggedRequest } from '../../../src/local-github/request-log.ts';
import { bump, services, workflowFiles } from '../workflows.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';

/** How a fleet goes through GitHub's bad days, step by step of the manual clock. */

export const BRANCH = 'fleet/bump-2.0';
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** acme with a service for each name, and `/fleet bump version=2.0` for all of them. */
export function openTroubledWorld(names: readonly string[], options: WorldOptions & { more?: string } = {}) {
  const { more = 'parallel: true', ...rest } = options;
  return openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', more) }) },
    repositories: services(...names),
    ...rest,
  });
}

/** Requests of the app, also those that failed before anybody knew whose they are. */
export function asked(world: World, route: string, path = ''): number {
  return world.github.requests.count(
    (request: LoggedRequest) => request.route === route && request.path.endsWith(path) && request.actor !== 'mona',
  );
}

/** How often the app asked for what, but for its look for missed webhooks. */
export function tally(world: World): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { route } of requestsOfApp(world)) times[route] = (times[route] ?? 0) + 1;
  return times;
}

/** That all it asked is `usual`, but for what `otherwise` names. */
export function expectAsked(
  world: World,
  usual: Readonly<Record<string, number>>,
  otherwise: Readonly<Record<string, number>> = {},
): void {
  const wanted = Object.entries({ ...usual, ...otherwise }).filter(([, times]) => times > 0);
  expect(tally(world)).toEqual(Object.fromEntries(wanted));
}

/** What is asked for a first fleet from its command to its end, by a server that has just started. */
export const fairWeather = (targets: number): Record<string, number> => ({
  // Who commands, the workflow and the settings of its two layers, and the targets with who may push to them.
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission': 1,
  'GET /repos/{owner}/{repo}': 1,
  'GET /repos/{owner}/{repo}/contents/{path}': 3,
  'GET /repos/{owner}/{repo}/commits': 1,
  'GET /installation/repositories': 1,
  // One for the plan; each task asks once how its repository is now.
  'POST /graphql': 1 + targets,
  // What people see: two reactions, the tracking issue, the reply and the comment at the end.
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': 2,
  'POST /repos/{owner}/{repo}/issues': 1,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': 2,
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': 1 + targets,
  // For the API, for fetching, and for each push.
  'POST /app/installations/{installation_id}/access_tokens': 2 + targets,
  // Who writes the commits.
  'GET /app': 1,
  'GET /app/installations': 1,
  'GET /users/{username}': 1,
  'GET git-info-refs': 2 * targets,
  'POST git-upload-pack': targets,
  'POST git-receive-pack': targets,
  'POST /repos/{owner}/{repo}/pulls': targets,
});

const requestsOfApp = (world: World) =>
  world.github.requests.all(({ route, actor }) => actor !== 'mona' && !route.includes('/app/hook/'));

/** All requests of the app, but for its look for missed webhooks, which has another budget and its own time. */
export function askedInAll(world: World): number {
  return requestsOfApp(world).length;
}

/** Lets time pass until the fleet ended and everything about it is told, or as long as it may take. Returns how long it took. */
export async function pass(
  world: World,
  options: { step?: number; atMost?: number; meanwhile?: (passed: number) => Promise<unknown> } = {},
): Promise<number> {
  const { step = 10 * SECOND, atMost = 10 * MINUTE, meanwhile } = options;
  let passed = 0;
  for (;;) {
    await meanwhile?.(passed);
    await world.settle();
    const { endedAt, eventSeq, reportedSeq } = await world.fleet();
    if ((endedAt !== null && reportedSeq === eventSeq) || passed >= atMost) return passed;
    world.clock.move(step);
    passed += step;
  }
}

export const ends = async (world: World) =>
  (await world.tasks()).map((task) => task.outcome ?? `${task.status}/${task.category}`);
