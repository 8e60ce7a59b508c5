import { describe, expect, it } from 'vitest';
import { asked, ends, openTroubledWorld, pass } from './troubled.ts';

/** What is only read is asked for again at once, three times in all, where there was no definite answer. */

const FETCH = 'POST git-upload-pack';

/** The plan was made in fair weather; \`times\` requests of that route for the target fail. */
async function approvedWhile(route: string, times: number, mode: 'before' | 'reset' = 'before') {
  const world = await openTroubledWorld(['one']);
  await world.comment('mona', '/fleet bump version=2.0 --plan');
  // By one query a task asks for most of it: only where that has no answer is REST asked.
  world.github.failures.next({ route: 'POST /graphql', mode: 'before', times: 1_000 });
  world.github.failures.next({ route, path: '/acme/one', mode, times });
  world.github.requests.clear();
  await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
  await pass(world);
  const requests = world.github.requests.count((one) => one.route === route && one.path.includes('/acme/one'));
  return { world, requests };
}

describe('a read of a target', () => {
  it.each([
    { route: 'GET /repos/{owner}/{repo}', inFairWeather: 1 },
    { route: 'GET /repos/{owner}/{repo}/pulls', inFairWeather: 1 },
    { route: 'GET git-info-refs', inFairWeather: 3 },
    { route: FETCH, inFairWeather: 3 },
  ])('$route that has no answer twice is asked for a third time', async ({ route, inFairWeather }) => {
    const { world, requests } = await approvedWhile(route, 2);
    expect(await ends(world)).toEqual(['changed']);
    expect(requests).toBe(inFairWeather + 2);
  });

  it.each([
    { route: 'GET git-info-refs', inFairWeather: 3 },
    { route: FETCH, inFairWeather: 3 },
  ])('$route that breaks off twice is asked for a third time', async ({ route, inFairWeather }) => {
    const { world, requests } = await approvedWhile(route, 2, 'reset');
    expect(await ends(world)).toEqual(['changed']);
    expect(requests).toBe(inFairWeather + 2);
  });

  it.each(['GET /repos/{owner}/{repo}', FETCH])(
    '%s that never comes fails the task, and the fleet ends',
    async (route) => {
      const { world, requests } = await approvedWhile(route, 1_000);
      expect(await ends(world)).toEqual(['failed/network']);
      expect(requests).toBe(3);
      expect(asked(world, 'POST git-receive-pack')).toBe(0);
    },
  );
});
