import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../src/local-github/rest/register.ts';
import type { Route } from '../../src/local-github/rest/route.ts';
import { readKeptPermissions } from '../contract/kept/read-kept.ts';
import { beginWalk, type Walk, withObject, withSha } from './every-operation/walk.ts';

const { operations } = readKeptPermissions();

/** Where the local GitHub asks for something else than GitHub's data names, and why. */
const differences: Readonly<Record<string, { asks: string[]; because: string }>> = {
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': {
    asks: ['pull_requests read'],
    because: 'The data names contents as well without saying whether both are needed; the prose names pull requests.',
  },
};

/** Needed only for files below .github/workflows, beside contents; the stories below show that it is. */
const OF_WORKFLOW_FILES = 'workflows';

const nameOf = ({ method, path }: Route): string => `${method} ${path.replace('+}', '}')}`;

/** `contents write`, any of which is enough. */
function asks({ demands }: Route): string[] {
  if (demands.access !== 'repository' && demands.access !== 'organization') return [];
  return demands.need.permission.map((permission) => `${permission} ${demands.need.level}`).toSorted();
}

/** By GitHub's data. */
function named(operation: string): string[] {
  return (operations[operation] ?? [])
    .filter(({ permission }) => permission !== OF_WORKFLOW_FILES)
    .map(({ permission, access }) => `${permission} ${access}`)
    .toSorted();
}

test.each(routes.map((route) => ({ operation: nameOf(route), route })))(
  '$operation asks for what GitHub asks for',
  ({ operation, route }) => {
    expect(asks(route)).toEqual(differences[operation]?.asks ?? named(operation));
  },
);

test('every operation and every difference is one of a route', () => {
  const known = new Set(routes.map(nameOf));
  expect([...Object.keys(operations), ...Object.keys(differences)].filter((name) => !known.has(name))).toEqual([]);
});

test('a difference that is none any more is taken off the list', () => {
  const same = Object.entries(differences).filter(([name, { asks: asked }]) => `${asked}` === `${named(name)}`);
  expect(same).toEqual([]);
});

test('several permissions are enough one by one only where each may stand for the others', () => {
  const several = Object.entries(operations).filter(
    ([name, all]) => differences[name] === undefined && named(name).length > 1 && !all.every((one) => one.additional),
  );
  expect(several).toEqual([]);
});

describe('a workflow file', () => {
  const api = '/repos/acme/alpha';
  const path = `${api}/contents/.github/workflows/ci.yml`;
  let walk: Walk;
  let without: string;
  let commit: string;

  beforeAll(async () => {
    walk = await beginWalk();
    without = await walk.world.installationToken({ permissions: { contents: 'write' } });
    const { ask } = walk;
    const head = withObject.parse(await ask(200, 'GET', `${api}/git/ref/heads/main`)).object.sha;
    const tree = [{ path: '.github/workflows/ci.yml', mode: '100644', content: 'on: push\n' }];
    const body = { base_tree: head, tree };
    const { sha } = withSha.parse(await ask(201, 'POST', `${api}/git/trees`, { token: without, body }));
    const written = { message: 'CI', tree: sha, parents: [head] };
    commit = withSha.parse(await ask(201, 'POST', `${api}/git/commits`, { token: without, body: written })).sha;
    await ask(201, 'POST', `${api}/git/refs`, { token: without, body: { ref: 'refs/heads/moved', sha: head } });
  });
  afterAll(() => walk.close());

  test('is put and deleted with `workflows` alone', async () => {
    const put = { message: 'm', content: 'YQ==' };
    await walk.ask(403, 'PUT', path, { token: without, body: put });
    await walk.ask(201, 'PUT', path, { token: walk.app, body: put });
    const { sha } = withSha.parse(await walk.ask(200, 'GET', path, { token: without }));
    await walk.ask(403, 'DELETE', path, { token: without, body: { message: 'm', sha } });
    await walk.ask(200, 'DELETE', path, { token: walk.app, body: { message: 'm', sha } });
  });

  test('comes into a new and into a moved ref with `workflows` alone', async () => {
    const made = { ref: 'refs/heads/made', sha: commit };
    const moved = `${api}/git/refs/heads/moved`;
    await walk.ask(403, 'POST', `${api}/git/refs`, { token: without, body: made });
    await walk.ask(403, 'PATCH', moved, { token: without, body: { sha: commit } });
    await walk.ask(201, 'POST', `${api}/git/refs`, { token: walk.app, body: made });
    await walk.ask(200, 'PATCH', moved, { token: walk.app, body: { sha: commit } });
    await walk.ask(204, 'DELETE', moved, { token: without });
  });

  test('is pushed with `workflows` alone', async () => {
    const { world } = walk;
    const workflow = join(world.directory, 'pushing', '.github/workflows/pushed.yml');
    await world.git('clone', '-q', world.remote('acme/alpha', 'octocat'), 'pushing');
    await mkdir(dirname(workflow), { recursive: true });
    await writeFile(workflow, 'on: push\n');
    await world.git('-C', 'pushing', 'add', '-A');
    await world.git('-C', 'pushing', 'commit', '-qm', 'CI');
    const push = (token: string) =>
      world.git('-C', 'pushing', 'push', '-q', world.remote('acme/alpha', token), 'HEAD:refs/heads/pushed');
    await expect(push(without)).rejects.toThrow(/without `workflows` permission/);
    await push(walk.app);
  });
});
