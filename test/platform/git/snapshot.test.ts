import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { boxedIfPossible, unboxed } from '../../sandboxes.ts';
import { type GitWorld, makeGitWorld, requestFor, runGitIn, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;

async function prepareWith(files: Record<string, string | Buffer>): Promise<void> {
  world.commit(files);
  workspace = await world.workspaces.prepare(requestFor());
}

const makePipe = (path: string): Buffer => execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]);

async function changed(): Promise<Record<string, string>> {
  const { changes } = await world.workspaces.snapshot(workspace);
  return Object.fromEntries(changes.map((change) => [change.path, change.status]));
}

beforeEach(() => {
  world = makeGitWorld();
});
afterEach(() => world.close());

describe('snapshot', () => {
  it('is the base tree while nothing changed', async () => {
    await prepareWith({ a: 'a', 'b/c': 'c' });
    expect(await world.workspaces.snapshot(workspace)).toEqual({
      tree: workspace.baseTree,
      changes: [],
      refused: [],
      contents: new Map(),
    });
  });

  it('takes executable bits, links, binary files, deletions, type changes and any name', async () => {
    await prepareWith({ keep: 'k', gone: 'g', script: 's', 'to-link': 'l', 'to-folder': 'f', 'folder/x': 'x' });
    const binary = Buffer.from([0, 1, 2, 255, 254, 13, 10]);
    rmSync(join(workspace.tree, 'gone'));
    chmodSync(join(workspace.tree, 'script'), 0o755);
    rmSync(join(workspace.tree, 'to-link'));
    symlinkSync('keep', join(workspace.tree, 'to-link'));
    rmSync(join(workspace.tree, 'to-folder'));
    write(workspace.tree, 'to-folder/inner', 'i');
    rmSync(join(workspace.tree, 'folder'), { recursive: true });
    write(workspace.tree, 'folder', 'now a file');
    write(workspace.tree, 'data.bin', binary);
    const odd = 'odd "quotes"\n\ttab \\ $(touch x) ünï *';
    write(workspace.tree, odd, 'odd');
    write(workspace.tree, '-n', 'dash');
    write(workspace.tree, ':(top)magic', 'colon');

    const { tree, changes, refused } = await world.workspaces.snapshot(workspace);
    expect(refused).toEqual([]);
    expect(
      Object.fromEntries(changes.map((change) => [change.path, [change.status, change.newMode, change.size]])),
    ).toEqual({
      gone: ['deleted', '000000', 0],
      script: ['modified', '100755', 1],
      'to-link': ['type_changed', '120000', 4],
      'to-folder': ['deleted', '000000', 0],
      'to-folder/inner': ['added', '100644', 1],
      'folder/x': ['deleted', '000000', 0],
      folder: ['added', '100644', 10],
      'data.bin': ['added', '100644', 7],
      [odd]: ['added', '100644', 3],
      '-n': ['added', '100644', 4],
      ':(top)magic': ['added', '100644', 5],
    });
    const blob = changes.find((change) => change.path === 'data.bin');
    expect(
      Buffer.from((await world.workspaces.blobs(workspace, [blob?.sha ?? ''])).get(blob?.sha ?? '') ?? []),
    ).toEqual(binary);
    expect(tree).not.toBe(workspace.baseTree);
  });

  it('leaves ignored files and nested repositories out, and ignores none that the base tracks', async () => {
    await prepareWith({ '.gitignore': 'dist/\n*.log\n', 'keep.txt': 'k' });
    write(workspace.tree, 'dist/out.js', 'x');
    write(workspace.tree, 'a.log', 'x');
    write(workspace.tree, 'vendored/file', 'x');
    runGitIn(join(workspace.tree, 'vendored'), ['init', '-q']);
    write(workspace.tree, '.gitignore', 'dist/\n*.log\nkeep.txt\n');
    write(workspace.tree, 'keep.txt', 'changed');
    expect(await changed()).toEqual({ '.gitignore': 'modified', 'keep.txt': 'modified' });
  });

  it('leaves out a repository whose own folder lies elsewhere, in a folder where the base has nothing', async () => {
    await prepareWith({ a: 'a', 'own/b': 'b' });
    runGitIn(workspace.tree, ['worktree', 'add', '-q', 'second']);
    symlinkSync('../.git', join(workspace.tree, 'own', '.git'));
    write(workspace.tree, 'linked/deep/file', 'x');
    symlinkSync('../.git', join(workspace.tree, 'linked', '.git'));
    write(workspace.tree, 'own/new', 'n');
    expect(await changed()).toEqual({ 'own/new': 'added' });
  });

  it('takes a file for what it is, even when its name reads like a line of git about a submodule', async () => {
    await prepareWith({ a: 'a' });
    const names = ['160000', '? 160000', 'H 160000'].map((start) => `${start} ${'1'.repeat(40)} 0\tevil`);
    for (const name of names) write(workspace.tree, name, 'x');
    expect(await changed()).toEqual(Object.fromEntries(names.map((name) => [name, 'added'])));
    const { refused } = await world.workspaces.snapshot(workspace);
    expect(refused).toEqual([]);
  });

  it('is taken against the base each time, whatever an earlier one saw', async () => {
    await prepareWith({ a: 'a' });
    write(workspace.tree, 'generated', 'g');
    write(workspace.tree, 'a', 'b');
    expect(await changed()).toEqual({ generated: 'added', a: 'modified' });
    write(workspace.tree, 'a', 'a');
    write(workspace.tree, '.gitignore', 'generated\n');
    expect(await changed()).toEqual({ '.gitignore': 'added' });
  });

  it('keeps bytes as they are, whatever the attributes say about line ends and encodings', async () => {
    await prepareWith({
      '.gitattributes': '* text=auto eol=crlf ident\nx.txt working-tree-encoding=UTF-16\n',
      a: 'a\nb\n',
    });
    expect(await changed()).toEqual({});
    write(workspace.tree, 'a', 'a\r\n$Id$\n');
    write(workspace.tree, 'x.txt', 'plain\n');
    const { changes } = await world.workspaces.snapshot(workspace);
    expect(changes.map((change) => [change.path, change.size])).toEqual([
      ['a', 8],
      ['x.txt', 6],
    ]);
  });

  it('takes a folder that became a link as its files gone and the link added', async () => {
    await prepareWith({ 'd/f': 'x', 'd/deep/g': 'y', 'out/f': 'z' });
    write(workspace.tree, 'e/f', 'x');
    write(workspace.tree, 'e/deep/g', 'changed');
    rmSync(join(workspace.tree, 'd'), { recursive: true });
    symlinkSync('e', join(workspace.tree, 'd'));
    rmSync(join(workspace.tree, 'out'), { recursive: true });
    symlinkSync(world.root, join(workspace.tree, 'out'));
    const { changes, refused } = await world.workspaces.snapshot(workspace);
    expect(Object.fromEntries(changes.map((change) => [change.path, [change.status, change.newMode]]))).toEqual({
      'd/f': ['deleted', '000000'],
      'd/deep/g': ['deleted', '000000'],
      'out/f': ['deleted', '000000'],
      d: ['added', '120000'],
      out: ['added', '120000'],
      'e/f': ['added', '100644'],
      'e/deep/g': ['added', '100644'],
    });
    expect(refused.map(({ path }) => path)).toEqual(['out']);
  });

  it('sees what the agent committed in its own repository as plain changes', async () => {
    await prepareWith({ a: 'a' });
    write(workspace.tree, 'a', 'b');
    runGitIn(workspace.tree, ['commit', '-qam', 'mine']);
    runGitIn(workspace.tree, ['checkout', '-q', '-b', 'elsewhere']);
    expect(await changed()).toEqual({ a: 'modified' });
  });

  it('refuses filtered paths, links out of the tree, submodules, pipes and reserved names, each with its reason', async () => {
    await prepareWith({ '.gitattributes': '*.psd filter=lfs\n', 'old.psd': 'pointer', 'in/side': 's' });
    write(workspace.tree, 'new.psd', 'raw bytes');
    symlinkSync('/etc/passwd', join(workspace.tree, 'absolute'));
    symlinkSync('../../outside', join(workspace.tree, 'in', 'up'));
    symlinkSync('../in/side', join(workspace.tree, 'in', 'fine'));
    symlinkSync('.git/config', join(workspace.tree, 'config'));
    write(workspace.tree, '.GIT/config', 'x');
    write(workspace.tree, '.g\u200cit/config', 'x');
    write(workspace.tree, 'in\\.git\\hooks', 'x');
    makePipe(join(workspace.tree, 'pipe'));
    rmSync(join(workspace.tree, 'in', 'side'));
    makePipe(join(workspace.tree, 'in', 'side'));
    const { refused, changes } = await world.workspaces.snapshot(workspace);
    expect(Object.fromEntries(refused.map((refusal) => [refusal.path, refusal.reason]))).toEqual({
      'new.psd': expect.stringContaining('filter "lfs"'),
      absolute: expect.stringContaining('out of the tree'),
      'in/up': expect.stringContaining('out of the tree'),
      config: expect.stringContaining('into .git'),
      '.GIT/config': expect.stringContaining('reserves'),
      '.g\u200cit/config': expect.stringContaining('reserves'),
      'in\\.git\\hooks': expect.stringContaining('reserves'),
      'in/side': expect.stringContaining('neither a file'),
    });
    expect(changes.map((change) => change.path)).not.toContain('old.psd');
  });

  it.each(['.Git/x', 'in/.git~/x', 'GIT~1/x', '.git /x', '.git./x', '.git::$DATA', '.g\u200cit/x', 'a\\.git\\x'])(
    'refuses %j exactly where a file system takes it for git’s own',
    async (path) => {
      await prepareWith({ a: 'a' });
      write(workspace.tree, path, 'x');
      const { refused } = await world.workspaces.snapshot(workspace);
      expect(refused.map((refusal) => refusal.path)).toEqual(path === 'in/.git~/x' ? [] : [path]);
    },
  );

  it.each(['.gitmodules', '.GitModules', 'gitmod~1'])('refuses another address for submodules, in %s', async (name) => {
    await prepareWith({ '.gitmodules': '[submodule "v"]\n\tpath = v\n\turl = ../v.git\n', 'docs/.gitmodules': '' });
    expect(await changed()).toEqual({});
    write(workspace.tree, name, '[submodule "v"]\n\tpath = v\n\turl = ssh://-oProxyCommand=x/v\n');
    write(workspace.tree, 'docs/.gitmodules', 'an example');
    const { refused } = await world.workspaces.snapshot(workspace);
    expect(refused).toMatchObject([
      { path: name, reason: expect.stringContaining('from where submodules are fetched') },
    ]);
  });

  it('refuses a changed submodule, and lets an untouched one be', async () => {
    const sha = world.commit({ a: 'a' });
    const index = { GIT_INDEX_FILE: join(world.root, 'index') };
    const origin = world.origin();
    runGitIn(origin, ['read-tree', sha], index);
    runGitIn(origin, ['update-index', '--add', '--cacheinfo', `160000,${sha},sub`], index);
    const tree = runGitIn(origin, ['write-tree'], index);
    world.git(['update-ref', 'refs/heads/main', runGitIn(origin, ['commit-tree', tree, '-p', sha, '-m', 'sub'])]);
    workspace = await world.workspaces.prepare(requestFor());
    expect(await changed()).toEqual({});
    rmSync(join(workspace.tree, 'sub'), { recursive: true });
    const refusal = [{ path: 'sub', reason: 'Submodules may not be added, changed or removed.' }];
    expect((await world.workspaces.snapshot(workspace)).refused).toEqual(refusal);
    write(workspace.tree, 'sub', 'a file now');
    expect((await world.workspaces.snapshot(workspace)).refused).toEqual(refusal);
  });
});

describe.each([
  ['without a box', unboxed],
  ['in a box where there can be one', boxedIfPossible],
])('a hostile tree, with our git %s', (_name, sandbox) => {
  beforeEach(() => {
    world.close();
    world = makeGitWorld(undefined, sandbox);
  });

  /** Where git can write in its box too. */
  const marker = (): string => join(workspace.path, 'scratch', 'owned');
  const poison = (): string => `[core]\n\tfsmonitor = touch '${marker()}'; false\n\thooksPath = hooks\n`;

  it('runs no filter, fsmonitor, hook or diff program of the tree', async () => {
    await prepareWith({ a: 'a', b: 'b' });
    const run = `touch '${marker()}'; cat`;
    const config = `${poison()}[filter "evil"]\n\tclean = ${run}\n\tsmudge = ${run}\n\trequired = true\n[diff "evil"]\n\ttextconv = ${run}\n\tcommand = ${run}\n`;
    writeFileSync(join(workspace.tree, '.git', 'config'), config);
    for (const hook of ['post-index-change', 'pre-commit', 'reference-transaction', 'pre-push']) {
      write(workspace.tree, `.git/hooks/${hook}`, `#!/bin/sh\ntouch '${marker()}'\n`);
      chmodSync(join(workspace.tree, '.git', 'hooks', hook), 0o755);
    }
    write(workspace.tree, '.gitattributes', '* filter=evil diff=evil\n');
    write(workspace.tree, 'a', 'changed');
    const snapshot = await world.workspaces.snapshot(workspace);
    const commit = { tree: snapshot.tree, parent: workspace.baseSha, message: 'm', at: 0 };
    await world.workspaces.commit(workspace, { ...commit, author: { name: 'n', email: 'e' } });
    expect(snapshot.refused.map((refusal) => refusal.path)).toEqual(['.gitattributes', 'a']);
    expect(existsSync(marker())).toBe(false);
    runGitIn(workspace.tree, ['status']);
    expect(existsSync(marker()), 'the poison is live for a git that trusts the tree').toBe(true);
  });

  it.each([
    ['a file', (git: string) => writeFileSync(git, 'gitdir: ../ctl\n')],
    ['a link', (git: string) => symlinkSync('../ctl', git)],
    ['missing', () => undefined],
    [
      'a repository with a commondir',
      (git: string) => {
        mkdirSync(git);
        writeFileSync(join(git, 'commondir'), '../evil\n');
        writeFileSync(join(git, 'config'), poison());
      },
    ],
  ])('does not matter when its .git is %s', async (_name, replace) => {
    await prepareWith({ a: 'a' });
    write(workspace.tree, 'evil/config', poison());
    renameSync(join(workspace.tree, '.git'), join(world.root, 'moved'));
    replace(join(workspace.tree, '.git'));
    write(workspace.tree, 'a', 'changed');
    expect(await changed()).toEqual({ a: 'modified', 'evil/config': 'added' });
    expect(existsSync(marker())).toBe(false);
  });
});
