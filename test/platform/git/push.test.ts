import { chmodSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { type GitWorld, makeGitWorld, requestFor, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;
let sha: string;
const target = { installationId: 1, repositoryId: 101, repository: 'acme/api', branch: 'fleet/bump' };
const author = { name: 'flotilla[bot]', email: '7+flotilla[bot]@users.noreply.github.com' };

async function commitFile(content: string, parent = workspace.baseSha): Promise<string> {
  write(workspace.tree, 'a', content);
  const { tree } = await world.workspaces.snapshot(workspace);
  return world.workspaces.commit(workspace, { tree, parent, message: 'Bump', author, at: 1_700_000_000_000 });
}

beforeEach(async () => {
  world = makeGitWorld();
  world.commit({ a: 'a' });
  workspace = await world.workspaces.prepare(requestFor());
  sha = await commitFile('b');
});
afterEach(() => world.close());

describe('commit', () => {
  it('makes the same commit for the same request, with the author and time it was given', async () => {
    expect(await commitFile('b')).toBe(sha);
    await world.workspaces.push(workspace, { ...target, sha, expected: null });
    expect(world.git(['show', '-s', '--format=%an|%ae|%cn|%at|%ct|%P|%B', sha])).toBe(
      `${author.name}|${author.email}|${author.name}|1700000000|1700000000|${workspace.baseSha}|Bump`,
    );
  });
});

describe('push', () => {
  it('makes the branch where it is expected to be absent', async () => {
    expect(await world.workspaces.push(workspace, { ...target, sha, expected: null })).toEqual({ result: 'pushed' });
    expect(world.git(['rev-parse', 'refs/heads/fleet/bump'])).toBe(sha);
    expect(world.git(['cat-file', '-p', `${sha}:a`])).toBe('b');
  });

  it('changes nothing in the mirror, in which it runs', async () => {
    const entries = () =>
      readdirSync(workspace.mirror, { recursive: true, encoding: 'utf8' })
        .map((name) => `${name} ${statSync(join(workspace.mirror, name), { bigint: true }).ctimeNs}`)
        .toSorted();
    const before = entries();
    await world.workspaces.push(workspace, { ...target, sha, expected: null });
    expect(entries()).toEqual(before);
  });

  it.each(['HEAD', 'config'])('runs in a mirror of which a power cut left an empty %s', async (name) => {
    truncateSync(join(workspace.mirror, name), 0);
    expect(await world.workspaces.push(workspace, { ...target, sha, expected: null })).toEqual({ result: 'pushed' });
  });

  it('moves the branch from the expected head, and counts a second push of the same as pushed', async () => {
    await world.workspaces.push(workspace, { ...target, sha, expected: null });
    const next = await commitFile('c');
    expect(await world.workspaces.push(workspace, { ...target, sha: next, expected: sha })).toEqual({
      result: 'pushed',
    });
    expect(await world.workspaces.push(workspace, { ...target, sha: next, expected: sha })).toEqual({
      result: 'pushed',
    });
    expect(world.git(['rev-parse', 'refs/heads/fleet/bump'])).toBe(next);
  });

  it('overwrites nothing when somebody else moved the branch, and says where it is', async () => {
    await world.workspaces.push(workspace, { ...target, sha, expected: null });
    const theirs = world.commit({ review: 'fix' }, { branch: 'fleet/bump', message: 'Review' });
    const mine = await commitFile('c');
    const stale = { result: 'stale', head: theirs };
    expect(await world.workspaces.push(workspace, { ...target, sha: mine, expected: sha })).toEqual(stale);
    expect(await world.workspaces.push(workspace, { ...target, sha: mine, expected: null })).toEqual(stale);
    expect(world.git(['rev-parse', 'refs/heads/fleet/bump'])).toBe(theirs);
  });

  it('says that an expected branch is gone', async () => {
    await world.workspaces.push(workspace, { ...target, sha, expected: null });
    world.git(['update-ref', '-d', 'refs/heads/fleet/bump']);
    const mine = await commitFile('c');
    expect(await world.workspaces.push(workspace, { ...target, sha: mine, expected: sha })).toEqual({
      result: 'stale',
      head: null,
    });
  });

  it("reports a rejection in the remote's own words", async () => {
    const hook = join(world.origin(), 'hooks', 'pre-receive');
    write(
      world.origin(),
      'hooks/pre-receive',
      '#!/bin/sh\necho "error: GH006: Protected branch update failed" >&2\nexit 1\n',
    );
    chmodSync(hook, 0o755);
    await expect(world.workspaces.push(workspace, { ...target, sha, expected: null })).rejects.toMatchObject({
      category: 'push_rejected',
      message: expect.stringMatching(/acme\/api did not accept .*hook declined[\s\S]*GH006: Protected branch/),
    });
    write(
      world.origin(),
      'hooks/pre-receive',
      '#!/bin/sh\necho "refusing to allow a GitHub App to create or update workflow" >&2\nexit 1\n',
    );
    await expect(world.workspaces.push(workspace, { ...target, sha, expected: null })).rejects.toMatchObject({
      category: 'permission',
    });
  });
});

describe('inspect', () => {
  it('reads what a branch holds beyond the base', async () => {
    await world.workspaces.push(workspace, { ...target, sha, expected: null });
    expect(await world.workspaces.inspect(workspace, sha)).toEqual({
      tree: world.git(['rev-parse', `${sha}^{tree}`]),
      mergeBase: workspace.baseSha,
      commits: [{ sha, parents: [workspace.baseSha] }],
    });
  });

  it('fetches a head that was pushed after the workspace was made', async () => {
    await world.workspaces.push(workspace, { ...target, sha, expected: null });
    const theirs = world.commit({ review: 'fix' }, { branch: 'fleet/bump', message: 'Review' });
    const { commits } = await world.workspaces.inspect(workspace, theirs);
    expect(commits.map((commit) => commit.sha)).toEqual([theirs, sha]);
  });

  it('finds no common commit between unrelated histories', async () => {
    const orphan = world.git(['commit-tree', `${workspace.baseSha}^{tree}`, '-m', 'orphan'].concat());
    world.git(['update-ref', 'refs/heads/fleet/orphan', orphan]);
    expect((await world.workspaces.inspect(workspace, orphan)).mergeBase).toBeNull();
  });
});
