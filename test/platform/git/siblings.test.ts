import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { type GitWorld, makeGitWorld, requestFor, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;
const LIBRARY = { installationId: 1, repositoryId: 202, repository: 'acme/library', branch: 'main' };

beforeEach(async () => {
  world = makeGitWorld();
  world.commit({ own: 'o' });
  world.commit(
    { 'src/index.js': 'export {};\n', '.gitattributes': '* filter=evil\n' },
    { repository: 'acme/library', executable: ['src/index.js'] },
  );
  workspace = await world.workspaces.prepare(requestFor());
});
afterEach(() => world.close());

const inLibrary = (path: string): string => join(workspace.siblings, 'acme', 'library', path);

describe('a sibling', () => {
  it('lies beside the tree with the files of its branch, and no git directory', async () => {
    await world.workspaces.addSibling(workspace, LIBRARY);
    expect(readFileSync(inLibrary('src/index.js'), 'utf8')).toBe('export {};\n');
    expect(lstatSync(inLibrary('src/index.js')).mode & 0o111, 'executable').not.toBe(0);
    expect(existsSync(inLibrary('.git'))).toBe(false);
  });

  it('has the bytes that were committed, whatever its attributes say', async () => {
    world.commit({ 'note.txt': 'one\ntwo\n', id: '$Id$\n' }, { repository: 'acme/library' });
    const attributes = '*.txt text eol=crlf\nid ident\n';
    world.commit({ '.gitattributes': attributes }, { repository: 'acme/library' });
    await world.workspaces.addSibling(workspace, LIBRARY);
    expect(['note.txt', 'id'].map((path) => readFileSync(inLibrary(path), 'utf8'))).toEqual(['one\ntwo\n', '$Id$\n']);
  });

  it('is no part of what is committed, whatever is written there', async () => {
    await world.workspaces.addSibling(workspace, LIBRARY);
    write(workspace.siblings, 'acme/library/src/index.js', 'changed');
    expect((await world.workspaces.snapshot(workspace)).changes).toEqual([]);
  });

  it('is made anew from what the branch holds then', async () => {
    await world.workspaces.addSibling(workspace, LIBRARY);
    write(workspace.siblings, 'acme/library/left', 'over');
    world.commit({ 'src/index.js': 'export const two = 2;\n' }, { repository: 'acme/library' });
    await world.workspaces.addSibling(workspace, LIBRARY);
    expect(readFileSync(inLibrary('src/index.js'), 'utf8')).toBe('export const two = 2;\n');
    expect(existsSync(inLibrary('left'))).toBe(false);
  });

  it('goes with the workspace', async () => {
    await world.workspaces.addSibling(workspace, LIBRARY);
    await world.workspaces.remove(requestFor());
    expect(existsSync(workspace.siblings)).toBe(false);
  });

  it('that is empty or gone is said so', async () => {
    const missing = world.workspaces.addSibling(workspace, { ...LIBRARY, branch: 'none' });
    await expect(missing).rejects.toMatchObject({ category: 'not_found' });
    const gone = world.workspaces.addSibling(workspace, { ...LIBRARY, repository: 'acme/gone', repositoryId: 303 });
    await expect(gone).rejects.toThrow('Cannot read the sibling acme/gone');
  });
});
