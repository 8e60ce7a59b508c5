import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRef, readRef, readRefs } from '../../../src/local-github/git/ref-files.ts';
import { git, givenFolder, givenRepository } from '../../rehearse/given-folder.ts';

/** A repository with loose and packed refs, of which one is both and one was deleted. */
function given(): string {
  const path = givenRepository(join(givenFolder(), 'api'));
  const at = (ref: string, what = 'HEAD') => git(path, 'update-ref', ref, what);
  for (const ref of ['refs/heads/fleet/bump-2.0', 'refs/heads/gone', 'refs/pull/12/head', 'refs/heads/B']) at(ref);
  git(path, 'tag', '-a', '-m', 'one', 'v1');
  git(path, 'pack-refs', '--all');
  git(path, 'commit', '--quiet', '--allow-empty', '--message=Second');
  at('refs/heads/fleet/bump-2.0');
  at('refs/heads/fleet-loose');
  git(path, 'update-ref', '-d', 'refs/heads/gone');
  return path;
}

/** What git itself says. */
function byGit(path: string, pattern: string): [string, string][] {
  const lines = git(path, 'for-each-ref', '--format=%(refname) %(objectname)', pattern).split('\n');
  return lines.filter((line) => line !== '').map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']);
}

test.each(['refs/', 'refs/heads/', 'refs/heads', 'refs/heads/fleet', 'refs/heads/main', 'refs/tags/', 'refs/none/'])(
  'refs below %s are those that git lists, in its order',
  async (prefix) => {
    const path = given();
    expect([...(await readRefs(join(path, '.git'), prefix))]).toEqual(byGit(path, prefix));
  },
);

test('one ref is read whether it is loose, packed or both; a deleted one and a folder are none', async () => {
  const path = given();
  const directory = join(path, '.git');
  for (const ref of ['refs/heads/main', 'refs/heads/B', 'refs/heads/fleet/bump-2.0', 'refs/tags/v1']) {
    expect(await readRef(directory, ref), ref).toBe(git(path, 'rev-parse', ref));
  }
  for (const ref of ['refs/heads/gone', 'refs/heads/fleet', 'refs/heads/main/x', `refs/heads/${'x'.repeat(300)}`]) {
    expect(await readRef(directory, ref), ref).toBeUndefined();
  }
});

test('a new ref is one that git lists too, and is made once', async () => {
  const path = given();
  const directory = join(path, '.git');
  const sha = git(path, 'rev-parse', 'refs/heads/main');
  await createRef(directory, 'refs/pull/1/head', sha);
  expect(byGit(path, 'refs/pull/1/')).toEqual([['refs/pull/1/head', sha]]);
  writeFileSync(join(directory, 'refs', 'pull', '1', 'other.lock'), '');
  await expect(createRef(directory, 'refs/pull/1/other', sha)).rejects.toThrow('EEXIST');
  await expect(createRef(directory, 'refs/../outside', sha)).rejects.toThrow('is no ref');
});

test('no name leads out of the refs, and a lock is no ref', async () => {
  const path = given();
  const directory = join(path, '.git');
  const head = execFileSync('git', ['-C', path, 'rev-parse', 'HEAD'], { encoding: 'utf8' });
  writeFileSync(join(directory, 'outside'), head);
  writeFileSync(join(directory, 'refs', 'heads', 'main.lock'), head);
  for (const ref of ['refs/../outside', 'refs/heads/../../outside', 'outside', 'refs/heads/main.lock', 'refs/\0']) {
    expect(await readRef(directory, ref), ref).toBeUndefined();
    expect((await readRefs(directory, ref)).size, ref).toBe(0);
  }
});
