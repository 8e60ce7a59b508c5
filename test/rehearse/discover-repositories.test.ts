import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { discoverRepositories } from '../../src/rehearse/discover-repositories.ts';
import { git, givenFolder, givenRepository, stateOf, write } from './given-folder.ts';

const namesIn = async (folder: string) => (await discoverRepositories(folder)).repositories.map(({ name }) => name);

test('repositories are found up to three levels down, named by their path, in order', async () => {
  const folder = givenFolder();
  givenRepository(join(folder, 'worker'));
  givenRepository(join(folder, 'api'));
  givenRepository(join(folder, 'team', 'backend', 'billing'));
  givenRepository(join(folder, 'far', 'too', 'deep', 'down'));
  expect(await namesIn(folder)).toEqual(['api', 'team-backend-billing', 'worker']);
});

test('nothing is looked for inside a repository or in node_modules', async () => {
  const folder = givenFolder();
  givenRepository(join(folder, 'api'));
  givenRepository(join(folder, 'api', 'vendored'));
  givenRepository(join(folder, 'node_modules', 'library'));
  expect(await namesIn(folder)).toEqual(['api']);
});

test('the folder itself may be the repository', async () => {
  const folder = givenRepository(join(givenFolder(), 'my service'));
  expect(await discoverRepositories(folder)).toEqual({
    repositories: [{ name: 'my-service', path: folder, uncommitted: false }],
    skipped: [],
  });
});

test('a bare repository is one, without its .git, and is never dirty', async () => {
  const folder = givenFolder();
  const original = givenRepository(join(givenFolder(), 'api'));
  git(folder, 'clone', '--quiet', '--bare', original, join(folder, 'api.git'));
  const { repositories } = await discoverRepositories(folder);
  expect(repositories).toEqual([{ name: 'api', path: join(folder, 'api.git'), uncommitted: false }]);
});

test('a work tree whose .git is a file is one', async () => {
  const original = givenRepository(join(givenFolder(), 'api'));
  const folder = givenFolder();
  git(original, 'worktree', 'add', '--quiet', join(folder, 'hotfix'), '-b', 'hotfix');
  expect(await namesIn(folder)).toEqual(['hotfix']);
});

test('a repository whose HEAD has no commit is left out, with the reason', async () => {
  const folder = givenFolder();
  const path = givenRepository(join(folder, 'fresh'), {});
  expect(await discoverRepositories(folder)).toEqual({
    repositories: [],
    skipped: [{ path, reason: 'its HEAD has no commit yet' }],
  });
});

test('a broken .git is left out and does not show the repository around it', async () => {
  const outer = givenRepository(join(givenFolder(), 'monorepo'));
  const folder = join(outer, 'services');
  mkdirSync(join(folder, 'broken', '.git'), { recursive: true });
  write(join(folder, 'gone', '.git'), 'gitdir: /nowhere/at/all\n');
  const { repositories, skipped } = await discoverRepositories(folder);
  expect(repositories).toEqual([]);
  expect(skipped.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^git cannot read it \(fatal: not a git repository/),
    expect.stringMatching(/^git cannot read it \(fatal: not a git repository/),
  ]);
});

test('two paths that want one name get two, whatever the case', async () => {
  const folder = givenFolder();
  for (const path of ['Team-API', 'team/api', 'team api']) givenRepository(join(folder, path));
  expect(await namesIn(folder)).toEqual(['Team-API', 'team-api-2', 'team-api-3']);
});

test('changes that are not committed are told, and looking changes nothing in the original', async () => {
  const folder = givenFolder();
  const clean = givenRepository(join(folder, 'clean'));
  const dirty = givenRepository(join(folder, 'dirty'));
  write(join(dirty, 'VERSION'), '2.0\n');
  // Touched without a change: an ordinary `git status` would write the new time into the index.
  utimesSync(join(clean, 'VERSION'), new Date(), new Date(Date.now() + 60_000));
  const before = [stateOf(clean), stateOf(dirty)];
  const { repositories } = await discoverRepositories(folder);
  expect(repositories.map(({ name, uncommitted }) => ({ name, uncommitted }))).toEqual([
    { name: 'clean', uncommitted: false },
    { name: 'dirty', uncommitted: true },
  ]);
  expect([stateOf(clean), stateOf(dirty)]).toEqual(before);
});
