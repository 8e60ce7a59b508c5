import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRef } from '../../../src/platform/git/read-ref.ts';
import { type GitWorld, makeGitWorld } from './git-world.ts';

let world: GitWorld;
beforeEach(() => {
  world = makeGitWorld();
});
afterEach(() => world.close());

test('a ref is read where git keeps it: loose, packed, or both', async () => {
  const first = world.commit({ a: 'a' });
  for (const name of ['packed', 'both', 'gone']) world.git(['update-ref', `refs/flotilla/branch/${name}`, first]);
  world.git(['pack-refs', '--all']);
  const second = world.commit({ a: 'b' });
  for (const name of ['loose', 'both']) world.git(['update-ref', `refs/flotilla/branch/${name}`, second]);
  world.git(['update-ref', '-d', 'refs/flotilla/branch/gone']);
  const read = (name: string) => readRef(world.origin(), `refs/flotilla/branch/${name}`);
  expect([await read('packed'), await read('loose'), await read('both')]).toEqual([first, second, second]);
  expect([await read('gone'), await read('never'), await readRef(world.origin(), 'refs/flotilla')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
