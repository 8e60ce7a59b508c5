import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordGroup } from '../../../src/platform/process/recorded-groups.ts';
import { isAlive } from '../process/is-alive.ts';
import { type GitWorld, makeGitWorld, requestFor, runGitIn } from './git-world.ts';

let world: GitWorld;
beforeEach(() => {
  world = makeGitWorld();
});
afterEach(() => world.close());

/** The number of a process that leads a group of its own. */
function startSleeper(): number {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  child.unref();
  return child.pid ?? 0;
}

describe('prepare', () => {
  it('checks the base out by sha and gives commands a clone-like repository', async () => {
    const sha = world.commit({ 'README.md': 'hello\n', 'run.sh': '#!/bin/sh\n' }, { executable: ['run.sh'] });
    const workspace = await world.workspaces.prepare(requestFor());

    expect(workspace.baseSha).toBe(sha);
    expect(workspace.baseTree).toBe(world.git(['rev-parse', `${sha}^{tree}`]));
    expect(workspace.baseBranch).toBe('main');
    expect(workspace.branchHead).toBeNull();
    expect(readFileSync(join(workspace.tree, 'README.md'), 'utf8')).toBe('hello\n');
    expect(runGitIn(workspace.tree, ['status', '--porcelain', '--branch'])).toBe('## main');
    expect(runGitIn(workspace.tree, ['log', '--format=%s'])).toBe('Seed');
    expect(runGitIn(workspace.tree, ['remote'])).toBe('');
    writeFileSync(join(workspace.tree, 'README.md'), 'changed\n');
    expect(runGitIn(workspace.tree, ['diff', '--stat'])).toContain('README.md');
    runGitIn(workspace.tree, ['commit', '-qam', 'mine']);
    expect(runGitIn(workspace.tree, ['status', '--porcelain'])).toBe('');
  });

  it('takes the commits that it is told, as long as the remote has them', async () => {
    const first = world.commit({ a: '1' });
    const ours = world.commit({ a: '2' }, { branch: 'fleet/bump' });
    const second = world.commit({ a: '3' });
    const prepared = async (heads: { base: string; branch: string | null }) => {
      const { baseSha, branchHead, tree } = await world.workspaces.prepare(requestFor({ heads }));
      return { baseSha, branchHead, text: readFileSync(join(tree, 'a'), 'utf8') };
    };
    expect(await prepared({ base: first, branch: null }), 'not asked').toEqual({
      baseSha: first,
      branchHead: null,
      text: '1',
    });
    expect(await prepared({ base: second, branch: ours })).toEqual({ baseSha: second, branchHead: ours, text: '3' });
    const nobodys = 'f'.repeat(40);
    expect(await prepared({ base: nobodys, branch: nobodys }), 'asked after all').toEqual({
      baseSha: second,
      branchHead: ours,
      text: '3',
    });
  });

  it('keeps the layout of the architecture, and the control directory holds no remote and no hook', async () => {
    world.commit({ a: 'a' });
    const workspace = await world.workspaces.prepare(requestFor());
    const folder = join(world.dataDir, 'workspaces', 'f-aaaaaaaa', 'acme', 'api');
    expect(workspace).toMatchObject({ path: folder, tree: join(folder, 'tree'), home: join(folder, 'home') });
    expect(existsSync(workspace.logs)).toBe(true);
    expect(existsSync(join(folder, 'ctl', 'hooks'))).toBe(false);
    expect(readFileSync(join(folder, 'ctl', 'config'), 'utf8')).not.toContain('remote');
  });

  it('finds the head of the fleet branch, and no longer once the branch is gone', async () => {
    world.commit({ a: 'a' });
    const head = world.commit({ b: 'b' }, { branch: 'fleet/bump' });
    expect((await world.workspaces.prepare(requestFor())).branchHead).toBe(head);
    world.git(['update-ref', '-d', 'refs/heads/fleet/bump']);
    world.git(['update-ref', 'refs/heads/fleet/bump/deeper', head]);
    const second = await world.workspaces.prepare(requestFor({ branch: 'fleet/bump/deeper' }));
    expect(second.branchHead).toBe(head);
    expect((await world.workspaces.prepare(requestFor())).branchHead).toBeNull();
  });

  it('replaces an existing workspace with a clone of the current base', async () => {
    world.commit({ a: 'old' });
    const first = await world.workspaces.prepare(requestFor());
    writeFileSync(join(first.tree, 'left-over'), 'x');
    const sha = world.commit({ a: 'new' });
    const second = await world.workspaces.prepare(requestFor({ attempt: 2 }));
    expect(second.baseSha).toBe(sha);
    expect(existsSync(join(second.tree, 'left-over'))).toBe(false);
    expect(readFileSync(join(second.tree, 'a'), 'utf8')).toBe('new');
  });

  it('opens the same workspace again after a restart, and nothing where there is none', async () => {
    world.commit({ a: 'a' });
    const made = await world.workspaces.prepare(requestFor());
    expect(await world.workspaces.reopen(requestFor())).toEqual(made);
    expect(await world.workspaces.reopen(requestFor({ taskId: 't-other' }))).toBeUndefined();
    expect(await world.workspaces.reopen(requestFor({ repository: 'acme/none' }))).toBeUndefined();
  });

  it('serves five tasks of one repository at once from one mirror', async () => {
    const sha = world.commit({ a: 'a' });
    const numbers = ['1', '2', '3', '4', '5'];
    const made = await Promise.all(
      numbers.map((n) => world.workspaces.prepare(requestFor({ fleetId: `f-${n}`, taskId: `t-${n}` }))),
    );
    expect(made.map((workspace) => workspace.baseSha)).toEqual(numbers.map(() => sha));
    const holds = runGitIn(join(world.dataDir, 'mirrors', '101.git'), ['for-each-ref', 'refs/flotilla/hold']);
    expect(holds.split('\n')).toHaveLength(5);
  });

  it('removes the locks that a killed git left in the mirror', async () => {
    world.commit({ a: 'a' });
    await world.workspaces.prepare(requestFor());
    const mirror = join(world.dataDir, 'mirrors', '101.git');
    mkdirSync(join(mirror, 'refs', 'flotilla', 'hold'), { recursive: true });
    for (const lock of ['packed-refs.lock', 'HEAD.lock', 'refs/flotilla/hold/t-aaaaaaaaaaaa.lock']) {
      writeFileSync(join(mirror, lock), '');
    }
    const sha = world.commit({ a: 'b' });
    expect((await world.workspaces.prepare(requestFor())).baseSha).toBe(sha);
    expect(existsSync(join(mirror, 'packed-refs.lock'))).toBe(false);
  });

  it('makes anew what a killed process left half made of the mirror, with the objects that are there', async () => {
    const before = world.commit({ a: 'a' });
    await world.workspaces.prepare(requestFor());
    const mirror = join(world.dataDir, 'mirrors', '101.git');
    const sha = world.commit({ a: 'b' });
    for (const file of ['HEAD', 'config']) {
      writeFileSync(join(mirror, file), '');
      expect((await world.workspaces.prepare(requestFor())).baseSha, file).toBe(sha);
    }
    expect(runGitIn(mirror, ['cat-file', '-t', before])).toContain('commit');
  });

  it('names what is missing: the branch, the repository', async () => {
    world.commit({ a: 'a' });
    await expect(world.workspaces.prepare(requestFor({ baseBranch: 'gone' }))).rejects.toMatchObject({
      category: 'not_found',
      message: expect.stringContaining('acme/api has no branch "gone"'),
    });
    await expect(world.workspaces.prepare(requestFor({ repository: 'acme/none' }))).rejects.toMatchObject({
      category: 'not_found',
    });
  });

  it('refuses names that would leave the data directory or become an option', async () => {
    await expect(world.workspaces.prepare(requestFor({ repository: '../x' }))).rejects.toThrow('"..');
    await expect(world.workspaces.prepare(requestFor({ fleetId: '..' }))).rejects.toThrow('".."');
    await expect(world.workspaces.prepare(requestFor({ branch: '--upload-pack=x' }))).rejects.toThrow('branch');
    await expect(world.workspaces.prepare(requestFor({ branch: 'a:refs/heads/main' }))).rejects.toThrow('branch');
  });
});

describe('writeOutputs', () => {
  const content = 'a long output\n';

  it('makes the files in a folder of their own that every prepare empties', async () => {
    world.commit({ a: 'a' });
    const workspace = await world.workspaces.prepare(requestFor());
    await world.workspaces.writeOutputs(workspace, [{ name: 'test.output', content: 'earlier and longer' }]);
    await world.workspaces.writeOutputs(workspace, [{ name: 'test.output', content }]);
    expect(readFileSync(join(workspace.outputs, 'test.output'), 'utf8')).toBe(content);
    expect(workspace.outputs).toBe(join(workspace.path, 'outputs'));
    expect(readdirSync((await world.workspaces.prepare(requestFor())).outputs)).toEqual([]);
  });

  it('writes through no link, waits for no pipe and leaves no folder by its name', async () => {
    world.commit({ a: 'a' });
    const workspace = await world.workspaces.prepare(requestFor());
    const victim = join(world.root, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(workspace.outputs, 'link'));
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(workspace.outputs, 'pipe')]);
    await world.workspaces.writeOutputs(workspace, [
      { name: 'link', content },
      { name: 'pipe', content },
    ]);
    expect(readFileSync(join(workspace.outputs, 'link'), 'utf8')).toBe(content);
    expect(readFileSync(join(workspace.outputs, 'pipe'), 'utf8')).toBe(content);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    await expect(world.workspaces.writeOutputs(workspace, [{ name: '../x', content }])).rejects.toThrow('"../x"');
  });

  it('refuses a folder that was replaced by a link', async () => {
    world.commit({ a: 'a' });
    const workspace = await world.workspaces.prepare(requestFor());
    const elsewhere = mkdtempSync(join(world.root, 'elsewhere-'));
    writeFileSync(join(elsewhere, 'name'), 'precious');
    renameSync(workspace.outputs, join(workspace.path, 'moved'));
    symlinkSync(elsewhere, workspace.outputs);
    const writing = world.workspaces.writeOutputs(workspace, [{ name: 'name', content }]);
    await expect(writing).rejects.toMatchObject({ category: 'internal' });
    expect(readFileSync(join(elsewhere, 'name'), 'utf8')).toBe('precious');
  });
});

describe.runIf(process.platform === 'linux')('what still runs of an earlier attempt', () => {
  it.each([
    ['prepare', () => world.workspaces.prepare(requestFor({ attempt: 2 }))],
    ['reopen', () => world.workspaces.reopen(requestFor())],
    ['remove', () => world.workspaces.remove(requestFor())],
  ])('is killed by %s, and nobody who only has its number', async (_name, act) => {
    world.commit({ a: 'a' });
    const workspace = await world.workspaces.prepare(requestFor());
    const [left, stranger] = [startSleeper(), startSleeper()];
    recordGroup(workspace.pids, left);
    recordGroup(workspace.pids, stranger);
    const lines = readFileSync(workspace.pids, 'utf8').trim().split('\n');
    writeFileSync(workspace.pids, `${lines[0]}\n${stranger} 1\n0 0\n1 1\nnonsense\n`);
    await act();
    expect(isAlive(left)).toBe(false);
    expect(isAlive(stranger)).toBe(true);
    process.kill(-stranger, 'SIGKILL');
  });
});

describe('remove', () => {
  it('removes the workspace, whatever its modes, its empty parents and its hold', async () => {
    world.commit({ a: 'a' });
    const workspace = await world.workspaces.prepare(requestFor());
    mkdirSync(join(workspace.home, 'cache'), { mode: 0o500 });
    await world.workspaces.remove(requestFor());
    expect(existsSync(join(world.dataDir, 'workspaces', 'f-aaaaaaaa'))).toBe(false);
    expect(runGitIn(join(world.dataDir, 'mirrors', '101.git'), ['for-each-ref', 'refs/flotilla/hold'])).toBe('');
    await world.workspaces.remove(requestFor());
  });

  it('removes folders that are nested deeper than the system can name, read-only ones among them', async () => {
    world.commit({ a: 'a' });
    const workspace = await world.workspaces.prepare(requestFor());
    const name = 'd'.repeat(250);
    const nest = `for i in $(seq 40); do mkdir ${name}; cd ${name}; done; mkdir -p closed/in; chmod 500 closed`;
    execFileSync('bash', ['-c', nest], { cwd: workspace.home });
    await world.workspaces.remove(requestFor());
    expect(existsSync(workspace.path)).toBe(false);
  });
});
