import { existsSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
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

test('looking runs nothing that the configuration of the repository names', async () => {
  const folder = givenFolder();
  const ran = join(folder, 'RAN');
  const path = givenRepository(join(folder, 'downloaded'), { VERSION: '1.0\n', '.gitattributes': '* filter=evil\n' });
  const program = `touch ${ran}; cat`;
  for (const key of ['filter.evil.clean', 'filter.evil.process', 'core.fsmonitor', 'core.alternateRefsCommand']) {
    git(path, 'config', key, program);
  }
  // The same size and another time: git has to look into it.
  write(join(path, 'VERSION'), '1.1\n');
  utimesSync(join(path, 'VERSION'), 1, 1);
  expect((await discoverRepositories(folder)).repositories).toMatchObject([{ name: 'downloaded', uncommitted: true }]);
  expect(existsSync(ran)).toBe(false);
});

test('what a partial clone lacks is not fetched by a program that its configuration names', async () => {
  const folder = givenFolder();
  const ran = join(folder, 'RAN');
  const path = givenRepository(join(folder, 'partial'));
  const head = git(path, 'rev-parse', 'HEAD');
  rmSync(join(path, '.git', 'objects', head.slice(0, 2), head.slice(2)));
  git(path, 'config', 'core.repositoryFormatVersion', '1');
  git(path, 'config', 'extensions.partialClone', 'origin');
  git(path, 'config', 'remote.origin.url', path);
  git(path, 'config', 'remote.origin.uploadpack', `touch ${ran}; git-upload-pack`);
  expect(await discoverRepositories(folder)).toMatchObject({ repositories: [], skipped: [{ path }] });
  expect(existsSync(ran)).toBe(false);
});

test('files count as changed by what they hold, not by line ends that the configuration converts', async () => {
  const folder = givenFolder();
  const path = givenRepository(join(folder, 'windows'));
  git(path, 'config', 'core.autocrlf', 'true');
  write(join(path, 'VERSION'), '1.0\r\n');
  git(path, 'add', 'VERSION');
  // Another time, so that git looks into it.
  utimesSync(join(path, 'VERSION'), 1, 1);
  expect((await discoverRepositories(folder)).repositories).toMatchObject([{ uncommitted: false }]);
});

test.each([
  ['a new file', (path: string) => void write(join(path, 'NEW'), 'x\n'), true],
  ['a file that is no longer tracked', (path: string) => void git(path, 'rm', '--quiet', '--cached', 'VERSION'), true],
  ['a staged change in a split index', stageInSplitIndex, true],
  ['an excluded file', (path: string) => void write(join(path, 'VERSION.bak'), 'x\n'), false],
])('%s is told as git tells it, also in a work tree of `git worktree`', async (_, change, uncommitted) => {
  const original = givenRepository(join(givenFolder(), 'api'));
  write(join(original, '.git', 'info', 'exclude'), '*.bak\n');
  const worktree = join(givenFolder(), 'hotfix');
  git(original, 'worktree', 'add', '--quiet', worktree, '-b', 'hotfix');
  for (const path of [original, worktree]) {
    expect((await discoverRepositories(path)).repositories, path).toMatchObject([{ uncommitted: false }]);
    change(path);
    expect((await discoverRepositories(path)).repositories, path).toMatchObject([{ uncommitted }]);
  }
});

function stageInSplitIndex(path: string): void {
  git(path, 'update-index', '--split-index');
  write(join(path, 'VERSION'), '2.0\n');
  git(path, 'add', 'VERSION');
}
