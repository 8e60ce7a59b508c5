import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitGround, type GitPlace, inMirror, inObjects, inTree } from '../../../src/platform/git/git-box.ts';
import { GitError } from '../../../src/platform/git/git-error.ts';
import { inSession } from '../../../src/platform/git/git-session.ts';
import { hasCommit } from '../../../src/platform/git/inspect.ts';
import { runGit } from '../../../src/platform/git/run-git.ts';
import { pathsIn } from '../../../src/platform/git/workspace-paths.ts';
import { createSandbox } from '../../../src/platform/sandbox/create-sandbox.ts';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { boxedIfPossible, boxedWith, noSandbox } from '../../sandboxes.ts';
import { type GitWorld, makeGitWorld, requestFor, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;
let ground: GitGround;

beforeEach(async () => {
  world = makeGitWorld();
  world.commit({ a: 'a', 'in/b': 'b' });
  workspace = await world.workspaces.prepare(requestFor());
  ground = { paths: pathsIn(workspace.path), mirror: workspace.mirror, sandbox: boxedIfPossible };
});
afterEach(() => world.close());

/** What our git could do if somebody had taken it over: an alias makes the real one, started as ever, run any commands. */
async function takenOver(place: GitPlace, script: string, call: { signal?: AbortSignal; timeoutMs?: number } = {}) {
  const { stdout } = await runGit(['own'], { ...place, ...call, settings: [`alias.own=!${script}`] });
  return stdout.toString('utf8').trim();
}

/** Those of the paths to which the commands could not write a file, or over which they could not write. */
async function closedAmong(place: GitPlace, paths: readonly string[]): Promise<string[]> {
  const tries = paths.map((path) => `(echo own > '${path}') 2>/dev/null || echo '${path}'`);
  return (await takenOver(place, tries.join('; '))).split('\n').filter(Boolean);
}

/** Of processes that are there and no zombies. */
const commandLines = (): string[] =>
  readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
    } catch {
      return [];
    }
  });

describe.skipIf(noSandbox !== null)(`our git in its box${noSandbox === null ? '' : `: ${noSandbox}`}`, () => {
  const inCtl = (...names: string[]): string => join(workspace.path, 'ctl', ...names);

  it('can write objects and indexes, and nothing else of the control directory', async () => {
    const open = [inCtl('objects', 'new'), join(workspace.path, 'scratch', 'new')];
    const closed = [
      ...['config', 'HEAD', 'commondir', 'hooks', 'info/attributes', 'refs/x', 'packed-refs'].map((name) =>
        inCtl(name),
      ),
      ...['alternates', 'http-alternates', 'commit-graph'].map((name) => inCtl('objects', 'info', name)),
      ...['config', 'objects/new', 'objects/info/alternates', 'info/attributes'].map((name) =>
        join(workspace.mirror, name),
      ),
    ];
    for (const place of [inObjects(ground), await inTree(ground, 'write')]) {
      expect(await closedAmong(place, [...open, ...closed])).toEqual(closed);
    }
    expect(open.every((path) => existsSync(path))).toBe(true);
  });

  it('can write the tree where it checks out, reads it for a snapshot, and sees none to read objects', async () => {
    const file = join(workspace.tree, 'a');
    expect(await closedAmong(await inTree(ground, 'read'), [file, join(workspace.tree, 'new')])).toHaveLength(2);
    expect(readFileSync(file, 'utf8')).toBe('a');
    expect(await closedAmong(await inTree(ground, 'write'), [file])).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('own\n');
    expect(await takenOver(inObjects(ground), `test -e '${file}' || echo gone`)).toBe('gone');
  });

  it('sees nothing in the .git of the tree, and is not led by a link there', async () => {
    const decoy = join(workspace.tree, '.git');
    const list = async (): Promise<string> => takenOver(await inTree(ground, 'write'), `ls -A '${decoy}/'`);
    expect(await list()).toBe('');
    expect(existsSync(join(decoy, 'HEAD'))).toBe(true);
    const led = join(workspace.tree, 'led');
    renameSync(decoy, led);
    symlinkSync('led', decoy);
    expect(await takenOver(await inTree(ground, 'read'), `ls -A '${led}'`)).toContain('HEAD');
  });

  it('sees no other workspace, no home, no file of ours, and no variable but its own', async () => {
    world.commit({ secret: 's' }, { repository: 'acme/other' });
    const other = { taskId: 't-bbbbbbbbbbbb', repositoryId: 102, repository: 'acme/other', folder: 'acme/other' };
    const theirs = await world.workspaces.prepare(requestFor(other));
    write(world.dataDir, 'flotilla.db', 'rows');
    const paths = [
      ...[theirs.path, theirs.mirror, join(world.dataDir, 'flotilla.db'), world.served],
      ...[workspace.home, workspace.logs, workspace.outputs, join(workspace.path, 'workspace.json')],
      ...['/root', '/home', '/etc/shadow', '/etc/hostname', join(process.cwd(), 'src')],
    ];
    const seen = paths.map((path) => `test -e '${path}' && echo '${path}'`).join('; ');
    expect(await takenOver(await inTree(ground, 'read'), `${seen}; true`)).toBe('');
    const names = (await takenOver(inObjects(ground), 'env')).split('\n').map((line) => line.split('=')[0] ?? '');
    const expected = /^(?:PATH|HOME|LC_ALL|PWD|OLDPWD|SHLVL|_|GIT_\w+)$/;
    expect(names.filter((name) => !expected.test(name))).toEqual([]);
  });

  it('has no network, not even the host itself, whatever the operator opened to every box', async () => {
    const server: Server = createServer((socket) => socket.end('reached'));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const place = inObjects({ ...ground, sandbox: boxedWith({}, [`127.0.0.1:${port}`]) });
    const connect = `bash -c 'exec 5<>/dev/tcp/127.0.0.1/${port} && cat <&5' 2>/dev/null || echo closed`;
    expect(await takenOver(place, connect)).toBe('closed');
    expect(await takenOver(place, 'env | grep -c ^http; true')).toBe('0');
    server.close();
  });

  it('has of the system its programs, where their libraries are, and two devices', async () => {
    const seen = await takenOver(inObjects(ground), 'ls -d /proc /sys /dev/* /etc/*; true');
    const ofEtc = ['alternatives', 'ld.so.cache'].map((name) => `/etc/${name}`).filter((path) => existsSync(path));
    // Tests work in memory, in a folder of which the box has a part at its place.
    const ours = ['/dev/shm'].filter((folder) => workspace.path.startsWith(`${folder}/`));
    expect(seen.split('\n')).toEqual(['/dev/null', ...ours, '/dev/urandom', ...ofEtc]);
  });

  it('has the same settings in a session as in a call of its own', async () => {
    const place = inObjects(ground);
    const list = async (where: GitPlace): Promise<string[]> =>
      (await runGit(['config', '--list', '--show-scope'], where)).stdout.toString('utf8').split('\n').toSorted();
    const alone = await list(place);
    expect(alone).toContain('command\tcore.hookspath=/dev/null');
    expect(alone).toContain('command\tcredential.helper=');
    expect(await inSession(place, pathsIn(workspace.path).scratch, list)).toEqual(alone);
  });

  it('ends with everything that it started, when its time is over or its signal aborts', async () => {
    const mark = `613.${process.pid}`;
    const script = `setsid sleep ${mark}1 & sleep ${mark}2 & trap '' TERM; sleep ${mark}3; sleep ${mark}4; sleep ${mark}5`;
    const running = (): string[] => commandLines().filter((line) => line.includes(`sleep ${mark}`));
    const stop = new AbortController();
    const aborted = takenOver(inObjects(ground), script, { signal: stop.signal });
    while (running().length < 3) await wait(10);
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'GitError', aborted: true });
    expect(running()).toEqual([]);
    await expect(takenOver(await inTree(ground, 'read'), script, { timeoutMs: 300 })).rejects.toMatchObject({
      name: 'GitError',
      timedOut: true,
    });
    expect(running()).toEqual([]);
  });

  it('ends when it says more than wanted, and nothing of it lives on', async () => {
    const mark = `614.${process.pid}`;
    const script = `sleep ${mark} & yes`;
    const call = { ...inObjects(ground), settings: [`alias.own=!${script}`], mostOutput: 1000 };
    expect(await runGit(['own'], call)).toMatchObject({ truncated: true });
    expect(commandLines().filter((line) => line.includes(mark))).toEqual([]);
  });

  it('reads what a sibling is made from, and writes nothing but its folder', async () => {
    const folder = join(workspace.siblings, 'acme', 'library');
    mkdirSync(folder, { recursive: true });
    const place = inMirror(ground, folder);
    const closed = [
      join(workspace.mirror, 'config'),
      join(workspace.mirror, 'objects', 'x'),
      join(workspace.tree, 'a'),
    ];
    expect(await closedAmong(place, [join(folder, 'new'), ...closed])).toEqual(closed);
  });

  it('that cannot be made is said so, and its status is not taken for what git would answer', async () => {
    const broken = createSandbox({
      facts: {
        program: '/usr/bin/bwrap',
        system: [],
        sealedSystem: ['--no-such-option'],
        filter: null,
        canDisableUserNamespaces: true,
      },
      limits: { processes: 100, memoryBytes: 1024 ** 3, cpuSeconds: 60, fileBytes: 1024 ** 3, diskBytes: 1024 ** 3 },
      read: [],
      hosts: [],
      openEgress: () => Promise.reject(new Error('nobody asked')),
    });
    const asking = hasCommit(inObjects({ ...ground, sandbox: broken }), workspace.baseSha);
    await expect(asking).rejects.toThrow('its box could not be made (bwrap: ');
    await expect(asking).rejects.toBeInstanceOf(GitError);
  });

  it('answers as it does outside, by its status, its errors and what it reads from its input', async () => {
    const place = inObjects(ground);
    expect(await hasCommit(place, workspace.baseSha)).toBe(true);
    expect(await hasCommit(place, 'f'.repeat(40))).toBe(false);
    const missing = runGit(['rev-parse', '--verify', 'nothing'], place);
    await expect(missing).rejects.toMatchObject({
      code: 128,
      stderr: expect.stringContaining('fatal: Needed a single'),
    });
    const input = Buffer.alloc(3 * 1024 * 1024, 'x');
    const { stdout } = await runGit(['hash-object', '--stdin'], { ...place, input });
    const expected = execFileSync('git', ['hash-object', '--stdin'], { input, encoding: 'utf8' });
    expect(stdout.toString('utf8')).toBe(expected);
  });
});
