import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchIntoMirror, releaseHold, USED_FILE } from '../../../src/platform/git/mirror.ts';
import { createKeyedLock } from '../../../src/platform/git/mirror-lock.ts';
import { openRemote, type Remote } from '../../../src/platform/git/remote.ts';
import { type GitWorld, makeGitWorld, runGitIn } from './git-world.ts';

let world: GitWorld;
let mirror: string;
let remote: Remote;
const request = { taskId: 't-1', repository: 'acme/api', base: 'main', branch: 'fleet/bump' };

beforeEach(() => {
  world = makeGitWorld();
  mirror = join(world.dataDir, 'mirrors', '101.git');
  world.commit({ a: 'a' });
  const github = {
    gitToken: () => Promise.reject(new Error('A file URL needs no token.')),
    cloneUrl: () => `file://${encodeURI(world.origin())}`,
  };
  remote = openRemote({ github }, { installationId: 1, repositoryId: 101, repository: 'acme/api' }, 'read');
});
afterEach(() => world.close());

/** The remote, where something happens each time after it was asked for its heads. */
function afterHeads(happens: () => void): Remote {
  return {
    ...remote,
    heads: async (...args) => {
      const heads = await remote.heads(...args);
      happens();
      return heads;
    },
  };
}

describe('a branch that is deleted between the look and the fetch', () => {
  const drop = (branch: string) => () => {
    world.git(['update-ref', '-d', `refs/heads/${branch}`]);
  };

  it('is no longer there when it is the one of the fleet', async () => {
    world.commit({ b: 'b' }, { branch: 'fleet/bump' });
    const heads = await fetchIntoMirror(mirror, createKeyedLock(), afterHeads(drop('fleet/bump')), request);
    expect(heads).toEqual({ baseSha: world.git(['rev-parse', 'main']), branchHead: null });
  });

  it('is missing by its name when it is the base', async () => {
    world.commit({ b: 'b' }, { branch: 'next' });
    const fetching = fetchIntoMirror(mirror, createKeyedLock(), afterHeads(drop('next')), { ...request, base: 'next' });
    await expect(fetching).rejects.toMatchObject({ category: 'not_found', message: expect.stringContaining('"next"') });
  });

  it('is given up for when it comes and goes', async () => {
    const sha = world.commit({ b: 'b' }, { branch: 'fleet/bump' });
    let looks = 0;
    const flickering: Remote = {
      ...remote,
      heads: async () => {
        looks += 1;
        drop('fleet/bump')();
        return new Map([
          ['main', world.git(['rev-parse', 'main'])],
          ['fleet/bump', sha],
        ]);
      },
    };
    await expect(fetchIntoMirror(mirror, createKeyedLock(), flickering, request)).rejects.toThrow('remote ref');
    expect(looks).toBe(2);
  });
});

it('lets one task at a time into a mirror, whether it fetches or leaves', async () => {
  const lock = createKeyedLock();
  let inside = 0;
  let most = 0;
  const watched: Remote = {
    ...remote,
    run: async (...args) => {
      inside += 1;
      most = Math.max(most, inside);
      // Whoever is let in beside this one has come by then.
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const answer = await remote.run(...args);
      inside -= 1;
      return answer;
    },
    heads: async (...args) => {
      expect(inside).toBe(0);
      return remote.heads(...args);
    },
  };
  const tasks = ['t-1', 't-2', 't-3'];
  await Promise.all(tasks.map((taskId) => fetchIntoMirror(mirror, lock, watched, { ...request, taskId })));
  expect(most).toBe(1);
  const holds = (): string => runGitIn(mirror, ['for-each-ref', '--format=%(refname:lstrip=3)', 'refs/flotilla/hold']);
  let leaving: Promise<void> = Promise.resolve();
  await lock.hold(mirror, async () => {
    leaving = releaseHold(mirror, lock, 't-1');
    // Two that do not ask for the lock are gone before the one that does.
    for (const taskId of ['t-2', 't-3']) await releaseHold(mirror, createKeyedLock(), taskId);
    expect(holds()).toBe('t-1');
  });
  await leaving;
  expect(holds()).toBe('');
});

it('counts as used when a fetch has ended: not before, and not when a task leaves it', async () => {
  const isUsed = () => existsSync(join(mirror, USED_FILE));
  let during = false;
  const watched: Remote = {
    ...remote,
    run: async (...args) => {
      const answer = await remote.run(...args);
      during ||= isUsed();
      return answer;
    },
  };
  await fetchIntoMirror(mirror, createKeyedLock(), watched, request);
  expect([during, isUsed()]).toEqual([false, true]);
  rmSync(join(mirror, USED_FILE));
  await releaseHold(mirror, createKeyedLock(), 't-1');
  expect(isUsed()).toBe(false);
});
