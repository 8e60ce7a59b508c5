import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventsOf, givenGitHub, repositories, type World } from './given-github.ts';

let world: World;
let token: string;

beforeAll(async () => {
  world = await givenGitHub([
    {
      login: 'acme',
      members: ['octocat', 'onlooker'],
      repositories: [
        ...repositories('life', 'merged', 'guarded', 'large', 'binary', 'leased', 'reviewed'),
        { name: 'locked', protected_branches: ['main'], files: { a: 'a' } },
        { name: 'old', archived: true, files: { a: 'a' } },
      ],
    },
  ]);
  token = await world.installationToken();
});
afterAll(() => world.close());

async function cloneOf(name: string): Promise<{ path: string; git: (...args: string[]) => Promise<string> }> {
  await world.git('clone', '-q', world.remote(`acme/${name}`, token), name);
  return { path: join(world.directory, name), git: (...args) => world.git('-C', name, ...args) };
}

async function commitOn(name: string, branch: string, line: string) {
  const clone = await cloneOf(name);
  await clone.git('checkout', '-q', '-b', branch);
  await appendFile(join(clone.path, 'README.md'), `${line}\n`);
  await clone.git('commit', '-qam', line);
  await clone.git('push', '-q', 'origin', branch);
  return clone;
}

test('a pull request lives by its branch: opened, pushed to, closed with it', async () => {
  const { path, git } = await commitOn('life', 'fleet/x', 'one');
  const pulls = '/repos/acme/life/pulls';
  const body = { title: 'Bump', head: 'fleet/x', base: 'main', body: 'why' };
  expect(await world.api('POST', pulls, { token, body })).toMatchObject({
    status: 201,
    json: { number: 2, commits: 1, additions: 1, changed_files: 1, head: { label: 'acme:fleet/x' }, mergeable: true },
  });
  expect(await world.api('POST', pulls, { token, body })).toMatchObject({
    status: 422,
    json: { errors: [{ message: 'A pull request already exists for acme:fleet/x.' }] },
  });
  await appendFile(join(path, 'README.md'), 'two\n');
  await git('commit', '-qam', 'two');
  await git('push', '-q', 'origin', 'fleet/x');
  const head = await git('rev-parse', 'HEAD');
  expect((await world.api('GET', `${pulls}?head=acme:fleet/x&state=all`, { token })).json).toMatchObject([
    { head: { sha: head } },
  ]);
  expect((await world.api('GET', `${pulls}/2/files`, { token })).json).toMatchObject([
    { filename: 'README.md', status: 'modified', patch: '@@ -1 +1,3 @@\n # life\n+one\n+two' },
  ]);
  expect((await world.api('GET', `${pulls}/2/commits`, { token })).json).toMatchObject([
    { commit: { message: 'one' } },
    { commit: { message: 'two' } },
  ]);
  await git('push', '-q', 'origin', '--delete', 'fleet/x');
  expect((await world.api('GET', `${pulls}/2`, { token })).json).toMatchObject({ state: 'closed', merged: false });
  await world.github.idle();
  const ours = world.received.filter(({ json }) => Object(json).repository.name === 'life');
  const events = eventsOf(ours).sort();
  expect(events).toEqual([
    'pull_request.closed',
    'pull_request.opened',
    'pull_request.synchronize',
    'push',
    'push',
    'push',
  ]);
});

test('a branch without commits, an unknown branch and an unknown base are 422', async () => {
  const pulls = '/repos/acme/guarded/pulls';
  const main = Object((await world.api('GET', '/repos/acme/guarded/git/ref/heads/main')).json).object.sha;
  await world.api('POST', '/repos/acme/guarded/git/refs', { body: { ref: 'refs/heads/same', sha: main } });
  expect(await world.api('POST', pulls, { token, body: { title: 't', head: 'same', base: 'main' } })).toMatchObject({
    status: 422,
    json: { errors: [{ message: 'No commits between main and same' }] },
  });
  for (const [head, base, field] of [
    ['nope', 'main', 'head'],
    ['same', 'nope', 'base'],
  ]) {
    const answer = await world.api('POST', pulls, { token, body: { title: 't', head, base } });
    expect(answer).toMatchObject({ status: 422, json: { errors: [{ field, code: 'invalid' }] } });
  }
});

test('merging by the API and by pushing the base both end merged', async () => {
  const { git } = await commitOn('merged', 'one', 'one');
  const pulls = '/repos/acme/merged/pulls';
  await world.api('POST', pulls, { token, body: { title: 'One', head: 'one', base: 'main' } });
  expect(await world.api('PUT', `${pulls}/2/merge`, { token, body: {} })).toMatchObject({
    status: 200,
    json: { merged: true },
  });
  expect((await world.api('PUT', `${pulls}/2/merge`, { token, body: {} })).status).toBe(405);
  await git('checkout', '-q', '-b', 'two');
  await git('commit', '-q', '--allow-empty', '-m', 'two');
  await git('push', '-q', 'origin', 'two');
  await world.api('POST', pulls, { token, body: { title: 'Two', head: 'two', base: 'main' } });
  await git('fetch', '-q', 'origin');
  await git('merge', '-q', '--no-edit', 'origin/main');
  await git('push', '-q', 'origin', 'HEAD:two');
  await git('push', '-q', 'origin', 'HEAD:main');
  expect((await world.api('GET', `${pulls}/3`, { token })).json).toMatchObject({ state: 'closed', merged: true });
});

test('reviewers are collaborators and not the author', async () => {
  await commitOn('reviewed', 'review', 'x');
  const pulls = '/repos/acme/reviewed/pulls';
  const made = await world.api('POST', pulls, { body: { title: 't', head: 'review', base: 'main' } });
  const path = `${pulls}/${Object(made.json).number}/requested_reviewers`;
  expect((await world.api('POST', path, { body: { reviewers: ['octocat'] } })).status).toBe(422);
  expect((await world.api('POST', path, { body: { reviewers: ['nobody'] } })).status).toBe(422);
  expect(await world.api('POST', path, { body: { reviewers: ['onlooker'] } })).toMatchObject({
    status: 201,
    json: { requested_reviewers: [{ login: 'onlooker' }] },
  });
});

test('a push needs write permission, an unarchived repository and an unprotected branch', async () => {
  const { path, git } = await commitOn('large', 'base', 'x');
  const readOnly = await world.installationToken({ permissions: { contents: 'read' } });
  const push = (name: string, with_: string, ref = 'HEAD:refs/heads/y') =>
    git('push', '-q', world.remote(`acme/${name}`, with_), ref);
  await expect(push('large', readOnly)).rejects.toThrow(/Write access to repository not granted/);
  await expect(push('large', 'onlooker')).rejects.toThrow(/403/);
  await expect(push('old', token)).rejects.toThrow(/archived/);
  await expect(push('locked', token, '+HEAD:refs/heads/main')).rejects.toThrow(/GH006/);
  await mkdir(join(path, '.github/workflows'), { recursive: true });
  await writeFile(join(path, '.github/workflows/ci.yml'), 'on: push\n');
  await git('add', '-A');
  await git('commit', '-qm', 'ci');
  await expect(push('large', token)).rejects.toThrow(/without `workflows` permission/);
  await push('large', 'octocat');
});

test('a large binary file, a shallow and a filtered clone pass through', async () => {
  const { path, git } = await cloneOf('binary');
  await writeFile(
    join(path, 'big.bin'),
    Buffer.alloc(3_000_000, 7).map((_, position) => (position * 31) % 251),
  );
  await git('add', '-A');
  await git('commit', '-qm', 'big');
  await git('-c', 'http.postBuffer=1000', 'push', '-q', 'origin', 'main');
  await world.git('clone', '-q', '--depth=1', '--filter=blob:none', world.remote('acme/binary', token), 'shallow');
  expect(await world.git('-C', 'shallow', 'rev-list', '--count', 'HEAD')).toBe('1');
});

test('a lease that does not hold refuses the push', async () => {
  const { git } = await commitOn('leased', 'topic', 'x');
  await git('commit', '-q', '--allow-empty', '-m', 'y');
  const stale = `--force-with-lease=refs/heads/topic:${'1'.repeat(40)}`;
  await expect(git('push', '-q', stale, 'origin', 'HEAD:refs/heads/topic')).rejects.toThrow(/stale info/);
});
