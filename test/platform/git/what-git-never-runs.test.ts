import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runGit } from '../../../src/platform/git/run-git.ts';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { unboxed } from '../../sandboxes.ts';
import { type GitWorld, makeGitWorld, requestFor, runGitIn, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;

// Without boxes, which would keep these programs from writing anything: git itself does not start them.
beforeEach(() => {
  world = makeGitWorld(undefined, unboxed);
});
afterEach(() => world.close());

const marker = (): string => join(world.root, 'owned');
/** Git runs what stands behind `ext::`, where that is allowed. */
const program = (): string => `ext::sh -c touch% '${marker().replaceAll(' ', '% ')}'`;

/** Commits a submodule with its `.gitmodules` to the default branch. */
function commitSubmodule(repository = 'acme/api'): void {
  const modules = `[submodule "sub"]\n\tpath = sub\n\turl = ${program()}\n\tupdate = !touch '${marker()}'\n`;
  const sha = world.commit({ a: 'a', '.gitmodules': modules }, { repository });
  const origin = world.origin(repository);
  const index = { GIT_INDEX_FILE: join(world.root, 'index') };
  runGitIn(origin, ['read-tree', sha], index);
  runGitIn(origin, ['update-index', '--add', '--cacheinfo', `160000,${sha},sub`], index);
  const tree = runGitIn(origin, ['write-tree'], index);
  const commit = runGitIn(origin, ['commit-tree', tree, '-p', sha, '-m', 'sub']);
  world.git(['update-ref', 'refs/heads/main', commit], repository);
}

describe('a submodule', () => {
  it('is never fetched, whatever its URL: not for a workspace, a snapshot, a sibling or a push', async () => {
    commitSubmodule();
    commitSubmodule('acme/library');
    workspace = await world.workspaces.prepare(requestFor());
    await world.workspaces.addSibling(workspace, {
      installationId: 1,
      repositoryId: 202,
      repository: 'acme/library',
      branch: 'main',
    });
    write(workspace.tree, 'a', 'changed');
    const { tree, refused } = await world.workspaces.snapshot(workspace);
    expect(refused).toEqual([]);
    const author = { name: 'n', email: 'e' };
    const commit = { tree, parent: workspace.baseSha, message: 'm', at: 0, author };
    const sha = await world.workspaces.commit(workspace, commit);
    const push = { installationId: 1, repositoryId: 101, repository: 'acme/api', branch: 'fleet/bump' };
    expect(await world.workspaces.push(workspace, { ...push, sha, expected: null })).toEqual({ result: 'pushed' });
    expect(readdirSync(join(workspace.tree, 'sub'))).toEqual([]);
    expect(readdirSync(join(workspace.siblings, 'acme', 'library', 'sub'))).toEqual([]);
    expect(existsSync(marker())).toBe(false);
  });

  it('keeps the place from where it comes', async () => {
    commitSubmodule();
    workspace = await world.workspaces.prepare(requestFor());
    write(workspace.tree, '.gitmodules', '[submodule "sub"]\n\tpath = sub\n\turl = https://evil.example/x.git\n');
    const { refused } = await world.workspaces.snapshot(workspace);
    expect(refused).toEqual([
      { path: '.gitmodules', reason: expect.stringContaining('from where submodules are fetched') },
    ]);
  });
});

describe('Git LFS', () => {
  const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;

  beforeEach(async () => {
    const config = `[lfs]\n\turl = ${program()}\n`;
    world.commit({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', '.lfsconfig': config });
    world.commit({ 'model.bin': POINTER, 'old.bin': POINTER });
    workspace = await world.workspaces.prepare(requestFor());
  });

  it('leaves pointers as they are, and they can be deleted', async () => {
    expect(readFileSync(join(workspace.tree, 'model.bin'), 'utf8')).toBe(POINTER);
    runGitIn(workspace.tree, ['rm', '-q', '--cached', 'old.bin']);
    expect(await world.workspaces.snapshot(workspace)).toMatchObject({ changes: [], refused: [] });
    runGitIn(workspace.tree, ['clean', '-qfd']);
    const { changes, refused } = await world.workspaces.snapshot(workspace);
    expect(changes.map(({ path, status }) => [path, status])).toEqual([['old.bin', 'deleted']]);
    expect(refused).toEqual([]);
  });

  it('is not run for a changed path, which is refused with what to do', async () => {
    write(workspace.tree, 'model.bin', 'the bytes themselves');
    const { refused } = await world.workspaces.snapshot(workspace);
    expect(refused.map(({ path }) => path)).toEqual(['model.bin']);
    expect(refused[0]?.reason).toBe(
      'Its attributes name the filter "lfs": the repository keeps a pointer in its place, and Git LFS is not run here. ' +
        'Leave this path out, or change it by hand.',
    );
    expect(existsSync(marker())).toBe(false);
  });
});

describe('a protocol that runs a program', () => {
  it('is closed to every git that we start, with or without a remote', async () => {
    world.commit({ a: 'a' });
    workspace = await world.workspaces.prepare(requestFor());
    const gitDir = workspace.mirror;
    const call = { gitDir, settings: ['protocol.ext.allow=always', 'protocol.allow=always'] };
    await expect(runGit(['ls-remote', program()], call)).rejects.toThrow("transport 'ext' not allowed");
    await expect(runGit(['fetch', '--', 'file:///nowhere'], call)).rejects.toThrow("transport 'file' not allowed");
    const open = { ...call, env: { GIT_ALLOW_PROTOCOL: 'ext' } };
    await expect(runGit(['ls-remote', program()], open)).rejects.toThrow('ls-remote');
    expect(existsSync(marker()), 'it would run where it is allowed').toBe(true);
  });

  it('is no way to a repository, whatever says that its clone is there', async () => {
    const misled = makeGitWorld(() => ({
      gitToken: () => Promise.reject(new Error('Nobody needs a token.')),
      cloneUrl: program,
    }));
    await expect(misled.workspaces.prepare(requestFor())).rejects.toThrow('by the protocol "ext"');
    misled.close();
    expect(existsSync(marker())).toBe(false);
  });
});
