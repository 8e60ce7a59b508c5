import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { type GitWorld, makeGitWorld, requestFor, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;

beforeEach(async () => {
  world = makeGitWorld();
  world.commit(
    { '.gitignore': 'out/\n', keep: 'k', gone: 'g', 'folder/x': 'x', script: 's' },
    { executable: ['script'] },
  );
  workspace = await world.workspaces.prepare(requestFor());
});
afterEach(() => world.close());

const at = (path: string): string => join(workspace.tree, path);
const text = (path: string): string => readFileSync(at(path), 'utf8');
const snapshot = async (): Promise<string> => (await world.workspaces.snapshot(workspace)).tree;

describe('restore', () => {
  it('has nothing to do in a tree that is as it was', async () => {
    write(workspace.tree, 'new', 'n');
    const tree = await snapshot();
    expect(await world.workspaces.restore(workspace, tree)).toBe(true);
    expect(text('new')).toBe('n');
  });

  it('brings back every kind of change, and leaves ignored files as they are', async () => {
    write(workspace.tree, 'keep', 'kept');
    rmSync(at('gone'));
    write(workspace.tree, 'out/built', 'b');
    const tree = await snapshot();

    write(workspace.tree, 'keep', 'changed');
    write(workspace.tree, 'gone', 'back');
    write(workspace.tree, 'more/than/that', 'm');
    rmSync(at('folder'), { recursive: true });
    write(workspace.tree, 'folder', 'now a file');
    rmSync(at('script'));
    symlinkSync('keep', at('script'));
    write(workspace.tree, 'out/later', 'l');

    expect(await world.workspaces.restore(workspace, tree)).toBe(true);
    expect(await snapshot()).toBe(tree);
    expect([text('keep'), text('folder/x'), text('script')]).toEqual(['kept', 'x', 's']);
    expect(statSync(at('script')).mode & 0o111, 'executable').not.toBe(0);
    expect([existsSync(at('gone')), existsSync(at('more/than/that'))]).toEqual([false, false]);
    expect([text('out/built'), text('out/later')]).toEqual(['b', 'l']);
  });

  it('brings back a folder whose place a link took, and touches nothing behind it', async () => {
    write(workspace.tree, 'out/x', 'ignored');
    const tree = await snapshot();
    rmSync(at('folder'), { recursive: true });
    symlinkSync('out', at('folder'));
    expect(await world.workspaces.restore(workspace, tree)).toBe(true);
    expect([text('folder/x'), text('out/x')]).toEqual(['x', 'ignored']);
  });

  it('gives up where a link leaves the tree', async () => {
    const outside = join(world.root, 'outside');
    mkdirSync(outside);
    write(outside, 'x', 'theirs');
    const tree = await snapshot();
    rmSync(at('folder'), { recursive: true });
    symlinkSync(outside, at('folder'));
    expect(await world.workspaces.restore(workspace, tree)).toBe(false);
    expect(readFileSync(join(outside, 'x'), 'utf8')).toBe('theirs');
  });

  it('says so when it cannot: what git cannot carry lies there, or nobody knows the tree', async () => {
    const tree = await snapshot();
    expect(await world.workspaces.restore(workspace, 'f'.repeat(40))).toBe(false);
    write(workspace.tree, 'nested/.GIT', 'reserved');
    expect(await world.workspaces.restore(workspace, tree)).toBe(false);
  });
});
