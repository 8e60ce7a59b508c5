import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitWorld, makeGitWorld, write } from './git-world.ts';

let world: GitWorld;
let sha: string;
const at = { installationId: 1, repositoryId: 101, repository: 'acme/api', branch: 'fleet/bump' };

beforeEach(() => {
  world = makeGitWorld();
  world.commit({ a: 'a' });
  sha = world.commit({ a: 'b' }, { branch: 'fleet/bump', message: 'Bump' });
});
afterEach(() => world.close());

const heads = () => world.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads']);

describe('deleteBranch', () => {
  it('deletes a branch that is where it is expected, without a workspace, and leaves nothing behind', async () => {
    expect(await world.workspaces.deleteBranch({ ...at, expected: sha })).toEqual({ result: 'deleted' });
    expect(heads()).toBe('main');
    expect(readdirSync(join(world.dataDir, 'deletions'))).toEqual([]);
    expect(existsSync(join(world.dataDir, 'workspaces'))).toBe(false);
  });

  it('counts one that is not there as deleted', async () => {
    await world.workspaces.deleteBranch({ ...at, expected: sha });
    expect(await world.workspaces.deleteBranch({ ...at, expected: sha })).toEqual({ result: 'deleted' });
  });

  it('leaves a branch to which somebody else committed, and says where it is', async () => {
    const theirs = world.commit({ review: 'fix' }, { branch: 'fleet/bump', message: 'Review' });
    expect(await world.workspaces.deleteBranch({ ...at, expected: sha })).toEqual({ result: 'moved', head: theirs });
    expect(heads()).toContain('fleet/bump');
  });

  it('reads nothing that a killed process, or anybody else, left in its place', async () => {
    const place = join(world.dataDir, 'deletions', `101-${sha}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'config'), '[core]\n\trepositoryformatversion = 99\n');
    expect(await world.workspaces.deleteBranch({ ...at, expected: sha })).toEqual({ result: 'deleted' });
  });

  it('tells in its own words why a repository keeps the branch', async () => {
    write(world.origin(), 'hooks/pre-receive', '#!/bin/sh\necho "branches stay here" >&2\nexit 1\n');
    chmodSync(join(world.origin(), 'hooks', 'pre-receive'), 0o755);
    await expect(world.workspaces.deleteBranch({ ...at, expected: sha })).rejects.toMatchObject({
      category: 'push_rejected',
      message: expect.stringContaining('branches stay here'),
    });
  });

  it('fails as not_found where the repository is gone', async () => {
    const gone = { ...at, repository: 'acme/gone', expected: sha };
    await expect(world.workspaces.deleteBranch(gone)).rejects.toMatchObject({ category: 'not_found' });
  });
});
