import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/local-github/failure.ts';
import { asked, ends, openTroubledWorld, pass } from './troubled.ts';

/** What is only read is asked for again at once, three times in all, where there was no definite answer. */

const READS = [
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET git-info-refs',
  'POST git-upload-pack',
] as const;
/** In fair weather, after the plan. */
const ONCE: Record<(typeof READS)[number], number> = {
  'GET /repos/{owner}/{repo}': 1,
  'GET /repos/{owner}/{repo}/pulls': 1,
  'GET /repos/{owner}/{repo}/git/ref/{ref}': 1,
  'GET git-info-refs': 3,
  'POST git-upload-pack': 3,
};

describe('a read of a target', () => {
  it.each(READS)('%s without an answer twice is asked for a third time', async (route) => {
    const world = await openTroubledWorld(['one']);
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    const failure: Failure = { route, path: '/acme/one', mode: 'before' };
    world.github.failures.next({ ...failure, times: 2 });
    world.github.requests.clear();
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect(await ends(world)).toEqual(['changed']);
    const ofTarget = world.github.requests.count((one) => one.route === route && one.path.includes('/acme/one'));
    // git begins a fetch anew, with the refs that it had been told before.
    const begun = route === 'POST git-upload-pack' ? asked(world, 'GET git-info-refs') : ofTarget;
    expect(begun).toBe((route === 'POST git-upload-pack' ? 3 : ONCE[route]) + 2);
  });

  it.each(READS)('%s that never comes fails the task, and the fleet ends', async (route) => {
    const world = await openTroubledWorld(['one']);
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    world.github.failures.next({ route, path: '/acme/one', mode: 'before', times: 1_000 });
    world.github.requests.clear();
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    await pass(world);
    expect(await ends(world)).toEqual(['failed/network']);
    expect(asked(world, 'POST /repos/{owner}/{repo}/pulls')).toBe(0);
    expect(asked(world, 'POST git-receive-pack')).toBe(0);
    const ofTarget = world.github.requests.count((one) => one.route === route && one.path.includes('/acme/one'));
    expect(ofTarget).toBe(3);
  });
});
