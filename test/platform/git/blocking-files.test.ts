import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locally } from '../../../src/platform/git/git-failure.ts';
import { runGit } from '../../../src/platform/git/run-git.ts';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { type GitWorld, makeGitWorld, requestFor, runGitIn, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;

beforeEach(async () => {
  world = makeGitWorld();
  world.commit({ a: 'a', 'in/b': 'b' });
  workspace = await world.workspaces.prepare(requestFor());
});
afterEach(() => world.close());

/** Command lines of the processes that name something. */
function runningWith(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text));
}

const makePipe = (...path: string[]): Buffer =>
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(workspace.tree, ...path)]);

/** A repository in the tree whose real folder has another name, with a pipe as its HEAD: no look at the tree shows that. */
function makeWaitingRepository(): void {
  const elsewhere = join(workspace.tree, 'elsewhere');
  for (const folder of ['objects', 'refs']) mkdirSync(join(elsewhere, folder), { recursive: true });
  makePipe('elsewhere', 'HEAD');
  write(workspace.tree, 'sub/.git', `gitdir: ${elsewhere}\n`);
}

describe('a tree on which git would wait for ever', () => {
  it.each(['.gitignore', '.gitattributes', '.gitmodules'])('is refused for a %s that is a pipe', async (name) => {
    makePipe(name);
    makePipe('in', name);
    write(workspace.tree, 'a', 'changed');
    const { tree, changes, refused } = await world.workspaces.snapshot(workspace);
    expect(refused.map(({ path }) => path).sort()).toEqual([name, `in/${name}`]);
    expect(refused[0]?.reason).toContain('no regular file');
    expect({ tree, changes }).toEqual({ tree: workspace.baseTree, changes: [] });
  });

  it('is refused for a nested repository whose HEAD or refs are pipes', async () => {
    write(workspace.tree, 'sub/file', 'x');
    runGitIn(join(workspace.tree, 'sub'), ['init', '-q', '-b', 'main']);
    makePipe('sub', '.git', 'refs', 'heads', 'main');
    const { refused } = await world.workspaces.snapshot(workspace);
    expect(refused.map(({ path }) => path)).toEqual(['sub/.git/refs/heads/main']);
  });

  it('is not seen in what git does not open: the decoy, other pipes, links and folders of those names', async () => {
    makePipe('.git', 'pipe');
    makePipe('pipe');
    symlinkSync('../pipe', join(workspace.tree, 'in', '.gitignore'));
    symlinkSync('pipe', join(workspace.tree, '.gitattributes'));
    mkdirSync(join(workspace.tree, 'folder', '.gitignore'), { recursive: true });
    write(workspace.tree, 'folder/.gitattributes/x', 'x');
    write(workspace.tree, 'folder/y', 'y');
    const { changes, refused } = await world.workspaces.snapshot(workspace);
    expect(refused).toEqual([]);
    expect(changes.map(({ path }) => path)).toEqual([
      '.gitattributes',
      'folder/.gitattributes/x',
      'folder/y',
      'in/.gitignore',
    ]);
  });

  it('is refused when its folders are nested deeper than the system can name', async () => {
    const name = 'd'.repeat(250);
    execFileSync('bash', ['-c', `for i in $(seq 20); do mkdir ${name}; cd ${name}; done`], { cwd: workspace.tree });
    const { refused } = await world.workspaces.snapshot(workspace);
    expect(refused).toEqual([{ path: `${'d'.repeat(80)}…`, reason: 'Its path is too long.' }]);
  });
});

describe('a git that waits', () => {
  it('is ended by the signal of a snapshot, and the task counts as cancelled', async () => {
    makeWaitingRepository();
    const signal = AbortSignal.timeout(300);
    await expect(world.workspaces.snapshot(workspace, { signal })).rejects.toMatchObject({
      name: 'TaskFailure',
      category: 'cancelled',
    });
  });

  it('is ended by its time', async () => {
    makeWaitingRepository();
    const call = { gitDir: join(workspace.path, 'ctl'), workTree: workspace.tree, timeoutMs: 300 };
    const waiting = locally('Cannot look', 'internal', () => runGit(['ls-files', '--others'], call));
    await expect(waiting).rejects.toMatchObject({ category: 'timeout', message: expect.stringContaining('too long') });
  });
});

describe('prepare', () => {
  it('is ended by its signal while the remote does not answer', async () => {
    const pack = join(world.origin(), 'packed-refs');
    execFileSync('bash', ['-c', 'rm -f "$1" && mkfifo "$1"', 'bash', pack]);
    const preparing = world.workspaces.prepare(requestFor({ attempt: 2 }), { signal: AbortSignal.timeout(300) });
    await expect(preparing).rejects.toMatchObject({ category: 'cancelled' });
    expect(runningWith(world.origin()), 'nothing of that git runs any more').toEqual([]);
  });
});
