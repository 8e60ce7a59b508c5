import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordGroup } from '../../../src/platform/process/recorded-groups.ts';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { unboxed } from '../../sandboxes.ts';
import { FILTERED, type GitWorld, HERE, makeGitWorld, requestFor, runGitIn, write } from './git-world.ts';

/** What a task left untouched of the files that were checked out is there for the repository's next task, and nothing else. */

const FILES = {
  'package.json': '{}\n',
  'src/one.ts': 'one\n',
  'src/deep/two.ts': 'two\n',
  'src/deep/three.ts': 'tri\n',
  'lib/run.sh': 'echo\n',
  'lib/näme\n.txt': 'name\n',
  'docs/a/page.md': 'page\n',
  '.gitignore': 'ignored/\n',
};
const yes = () => Promise.resolve(true);
const NEXT = { fleetId: 'f-bbbbbbbb', taskId: 't-bbbbbbbbbbbb' };

let world: GitWorld;
let kept: string;

beforeEach(() => {
  world = makeGitWorld(undefined, FILTERED, { keptOn: HERE });
  world.commit(FILES, { executable: ['lib/run.sh'] });
  kept = join(world.dataDir, 'mirrors', '101.tree');
});
afterEach(() => world.close());

/** Everything in a tree but for `.git`: its kind, mode and content. */
function contentOf(tree: string): Record<string, string> {
  const names = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((name) => !/^\.git(\/|$)/.test(name));
  return Object.fromEntries(names.toSorted().map((name) => [name, describeEntry(join(tree, name))]));
}

function describeEntry(path: string): string {
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isDirectory()) return `folder ${mode}`;
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  return stats.isFile() ? `${mode} ${stats.nlink} ${readFileSync(path, 'utf8')}` : 'neither file nor folder';
}

const inodeOf = ({ tree }: Workspace, path: string): number => statSync(join(tree, path)).ino;
/** Of a file, whose inode another one can have as soon as it is gone. */
function identityOf(tree: string): string {
  const { ino, ctimeNs } = statSync(join(tree, 'src/one.ts'), { bigint: true });
  return `${ino} ${ctimeNs}`;
}

async function first(): Promise<Workspace> {
  return world.workspaces.prepare(requestFor());
}

/** The next task's workspace, when that of the first is gone. */
async function next(): Promise<Workspace> {
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  return world.workspaces.prepare(requestFor(NEXT));
}

/** What a checkout makes where nothing was ever kept. */
async function fresh(): Promise<Record<string, string>> {
  const third = requestFor({ fleetId: 'f-cccccccc', taskId: 't-cccccccccccc' });
  await world.workspaces.removeKeptTree(101);
  return contentOf((await world.workspaces.prepare(third)).tree);
}

it('a folder in which nothing was touched is the same one for the next task, whose change is its own alone', async () => {
  const before = await first();
  const inodes = [inodeOf(before, 'src'), inodeOf(before, 'src/deep/two.ts')];
  write(before.tree, 'package.json', '{"version": 2}\n');
  expect((await world.workspaces.snapshot(before)).changes).toMatchObject([{ path: 'package.json' }]);
  const after = await next();
  expect([inodeOf(after, 'src'), inodeOf(after, 'src/deep/two.ts')]).toEqual(inodes);
  expect([existsSync(kept), existsSync(before.path)]).toEqual([false, false]);
  expect(contentOf(after.tree)).toEqual(await fresh());
  expect((await world.workspaces.snapshot(after)).changes).toEqual([]);
  write(after.tree, 'src/deep/two.ts', '2!\n');
  expect((await world.workspaces.snapshot(after)).changes).toMatchObject([{ path: 'src/deep/two.ts' }]);
});

describe('nothing is left of a task that', () => {
  const old = new Date(0);
  const twice = { one: 'src/deep/two.ts', other: 'src/deep/three.ts' };
  it.each<[string, (tree: string) => void]>([
    ['added a file beside others', (tree) => write(tree, 'src/deep/added.ts', 'added\n')],
    ['added a file at the top', (tree) => write(tree, 'added.ts', 'added\n')],
    ['added what git ignores', (tree) => write(tree, 'ignored/module.js', 'evil\n')],
    ['added an empty folder', (tree) => mkdirSync(join(tree, 'lib', 'empty'))],
    ['added a repository', (tree) => write(tree, 'docs/.git/config', '[core]\nfsmonitor = evil\n')],
    ['wrote into .git', (tree) => write(tree, '.git/hooks/pre-commit', 'evil\n')],
    [
      'changed a file in place, with its length and times as before',
      (tree) => {
        const path = join(tree, twice.one);
        const { atime, mtime } = statSync(path);
        writeFileSync(path, 'TWO\n');
        utimesSync(path, atime, mtime);
      },
    ],
    [
      'exchanged two files',
      (tree) => {
        const [one, other] = [join(tree, twice.one), join(tree, twice.other)];
        renameSync(one, `${one}.new`);
        renameSync(other, one);
        renameSync(`${one}.new`, other);
      },
    ],
    [
      'exchanged two folders',
      (tree) => {
        renameSync(join(tree, 'src'), join(tree, 'new'));
        renameSync(join(tree, 'lib'), join(tree, 'src'));
        renameSync(join(tree, 'new'), join(tree, 'lib'));
      },
    ],
    ['made a file executable', (tree) => chmodSync(join(tree, twice.one), 0o755)],
    ['let everybody write to a folder', (tree) => chmodSync(join(tree, 'src', 'deep'), 0o1777)],
    ['let everybody write to the top', (tree) => chmodSync(tree, 0o1777)],
    ['set the times of a folder', (tree) => utimesSync(join(tree, 'docs'), old, old)],
    ['gave a file a second name', (tree) => linkSync(join(tree, twice.one), join(tree, 'again'))],
    [
      'put a link in the place of a folder',
      (tree) => {
        rmSync(join(tree, 'docs'), { recursive: true });
        symlinkSync('src', join(tree, 'docs'));
      },
    ],
    [
      'put a link in the place of a file',
      (tree) => {
        unlinkSync(join(tree, 'package.json'));
        symlinkSync('/etc/passwd', join(tree, 'package.json'));
      },
    ],
    ['deleted a folder', (tree) => rmSync(join(tree, 'src'), { recursive: true })],
    [
      'emptied a folder and filled it as it was',
      (tree) => {
        rmSync(join(tree, 'docs', 'a', 'page.md'));
        write(tree, 'docs/a/page.md', 'page\n');
      },
    ],
    [
      'deleted everything',
      (tree) => {
        for (const name of readdirSync(tree)) rmSync(join(tree, name), { recursive: true });
      },
    ],
  ])('%s', async (_what, hostile) => {
    const before = await first();
    const untouched = contentOf(before.tree);
    hostile(before.tree);
    const after = await next();
    expect(contentOf(after.tree)).toEqual(untouched);
    expect(readdirSync(join(after.tree, '.git'))).toEqual(readdirSync(join((await first()).tree, '.git')));
    expect(lstatSync(after.tree).mode & 0o7777).toBe(0o700);
    expect((await world.workspaces.snapshot(after)).changes).toEqual([]);
  });
});

it('the next task has the base of its own time, whatever was added, changed, moved and deleted since', async () => {
  const before = await first();
  const inode = inodeOf(before, 'lib/run.sh');
  world.commit({
    'src/one.ts': 'ONE\n',
    'src/deep/two.ts': null,
    'src/deep/three.ts': null,
    'docs/a/page.md': null,
    'docs/b/page.md': 'page\n',
    'new/file': 'new\n',
  });
  world.commit({ 'src/deep': 'a file now\n' });
  const after = await next();
  expect(inodeOf(after, 'lib/run.sh')).toBe(inode);
  expect(contentOf(after.tree)).toEqual(await fresh());
  expect(Object.keys(contentOf(after.tree))).not.toContain('docs/a');
});

it('of two tasks at once one has what was kept, and the repository keeps that of the first that ends', async () => {
  await first();
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  const requests = ['f-dddddddd', 'f-eeeeeeee'].map((fleetId) =>
    requestFor({ fleetId, taskId: fleetId.replace('f-', 't-') }),
  );
  const both = await Promise.all(requests.map((request) => world.workspaces.prepare(request)));
  const [one, other] = both.map(({ tree }) => contentOf(tree));
  expect(one).toEqual(other);
  expect(new Set(both.map((workspace) => inodeOf(workspace, 'src'))).size).toBe(2);
  for (const request of requests) await world.workspaces.remove(request, yes, { keep: true });
  expect(readdirSync(join(kept, 'tree')).toSorted()).toEqual(['docs', 'lib', 'src']);
  expect(existsSync(join(world.dataDir, 'workspaces', 'f-eeeeeeee'))).toBe(false);
});

it('the checkout begins anew where git cannot read the index that was kept', async () => {
  await first();
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  const then = identityOf(join(kept, 'tree'));
  writeFileSync(join(kept, 'index'), 'DIRC and nothing that git knows');
  const after = await world.workspaces.prepare(requestFor(NEXT));
  expect(identityOf(after.tree)).not.toBe(then);
  expect(contentOf(after.tree)).toEqual(await fresh());
  expect((await world.workspaces.snapshot(after)).changes).toEqual([]);
});

it('keeps nothing of another format, or of before the system started: a power cut may have emptied files', async () => {
  const before = await first();
  const folders = join(before.path, 'checked-out', 'folders');
  const text = readFileSync(folders, 'utf8');
  expect(text).toMatch(/^{"boot":"[0-9a-f-]{36}"/);
  writeFileSync(folders, text.replace(/"boot":"[^"]*"/, '"boot":"another"'));
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  expect(existsSync(kept)).toBe(false);

  await first();
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  writeFileSync(join(kept, 'folders'), text.replace('"folders"', '"entries"'));
  const then = identityOf(join(kept, 'tree'));
  const after = await world.workspaces.prepare(requestFor(NEXT));
  expect(identityOf(after.tree)).not.toBe(then);
  expect(contentOf(after.tree)).toEqual(await fresh());
});

it('keeps nothing of a folder that has no task, nor of one that was only half made', async () => {
  await first();
  await world.workspaces.removeOrphan(requestFor(), yes);
  expect(existsSync(kept)).toBe(false);
  const half = await first();
  rmSync(join(half.path, 'workspace.json'));
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  expect(existsSync(kept)).toBe(false);
});

it('git reads no file again that was kept: it believes the index, which lies where only the server writes', async () => {
  await first();
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  const tree = join(kept, 'tree');
  const file = join(tree, 'src', 'deep', 'two.ts');
  const git = (args: readonly string[]) =>
    runGitIn(world.origin(), [`--work-tree=${tree}`, ...args], { GIT_INDEX_FILE: join(kept, 'index') });
  writeFileSync(file, 'TWO\n');
  const seconds = Date.now() / 1000;
  utimesSync(file, seconds - 5, seconds - 5);
  git(['update-index', '--', 'src/deep/two.ts']);
  forgeEntry(join(kept, 'index'), git(['hash-object', file]), git(['rev-parse', 'main:src/deep/two.ts']));
  // As after a checkout, which ends in the second of its last files.
  utimesSync(join(kept, 'index'), seconds - 10, seconds - 10);
  const after = await world.workspaces.prepare(requestFor(NEXT));
  expect(readFileSync(join(after.tree, 'src', 'deep', 'two.ts'), 'utf8')).toBe('TWO\n');
});

/** An index in which an entry has another blob under the same times: gitformat-index(5), its last 20 bytes are its SHA-1. */
function forgeEntry(index: string, from: string, to: string): void {
  const bytes = readFileSync(index);
  const at = bytes.indexOf(Buffer.from(from, 'hex'));
  expect(at, 'the entry').toBeGreaterThan(0);
  Buffer.from(to, 'hex').copy(bytes, at);
  createHash('sha1')
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20);
  writeFileSync(index, bytes);
}

it('keeps nothing while a process of the task lives, though the one that began its group is gone', async () => {
  const before = await first();
  const shell = spawn('sh', ['-c', 'sleep 60 > /dev/null 2>&1 & echo $!'], { detached: true });
  const [text] = await once(shell.stdout, 'data');
  await once(shell, 'close');
  writeFileSync(before.pids, `${shell.pid} 1\n`);
  try {
    await world.workspaces.remove(requestFor(), yes, { keep: true });
    expect(existsSync(kept)).toBe(false);
  } finally {
    process.kill(Number(text), 'SIGKILL');
  }
});

it('keeps what a running process had not touched until it was ended, before anything is looked at', async () => {
  const before = await first();
  const writing = spawn('sh', ['-c', 'while :; do echo x >> "$0"; done', join(before.tree, 'docs/a/page.md')], {
    detached: true,
    stdio: 'ignore',
  });
  recordGroup(before.pids, writing.pid ?? 0);
  const ended = once(writing, 'close');
  const page = join(before.tree, 'docs/a/page.md');
  await vi.waitFor(() => expect(readFileSync(page, 'utf8')).toContain('x'));
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(readdirSync(join(kept, 'tree')).toSorted()).toEqual(['lib', 'src']);
});

it('removes what cannot be kept, whatever the reason, and says so where one looks for it', async () => {
  const full = makeGitWorld(undefined, FILTERED, { keptOn: HERE, freeBytes: () => Promise.reject(new Error('gone')) });
  try {
    full.commit(FILES);
    const { path } = await full.workspaces.prepare(requestFor());
    await full.workspaces.remove(requestFor(), yes, { keep: true });
    expect([existsSync(path), readdirSync(join(full.dataDir, 'mirrors'))]).toEqual([false, ['101.git']]);
    expect(full.logged).toContainEqual(expect.stringMatching(/^Nothing of this tree is kept\./));
  } finally {
    full.close();
  }
});

it('keeps nothing of a task that once went on without a box', async () => {
  const sandbox = { ...FILTERED };
  const changing = makeGitWorld(undefined, sandbox, { keptOn: HERE });
  try {
    changing.commit(FILES);
    await changing.workspaces.prepare(requestFor());
    for (const filtered of [false, true]) {
      sandbox.filtered = filtered;
      expect(await changing.workspaces.reopen(requestFor())).toBeDefined();
    }
    await changing.workspaces.remove(requestFor(), yes, { keep: true });
    expect(readdirSync(join(changing.dataDir, 'mirrors'))).toEqual(['101.git']);
  } finally {
    changing.close();
  }
});

it.each([
  ['without a box, as what a task started may live on', unboxed, HERE],
  ['without a filter of what boxes ask the kernel for', { ...FILTERED, filtered: false }, HERE],
  ['on other file systems', FILTERED, new Set<number>()],
])('keeps nothing %s', async (_where, sandbox, keptOn) => {
  const plain = makeGitWorld(undefined, sandbox, { keptOn });
  try {
    plain.commit(FILES);
    await plain.workspaces.prepare(requestFor());
    await plain.workspaces.remove(requestFor(), yes, { keep: true });
    expect(readdirSync(join(plain.dataDir, 'mirrors'))).toEqual(['101.git']);
  } finally {
    plain.close();
  }
});

/** As long as a path may be in the clone from which it is committed: in the workspace, which is deeper, it is too long for us. */
function tooDeep(name: string): string {
  const room = 4090 - join(world.root, 'work-123456', 'clone').length;
  return `${`${'d'.repeat(200)}/`.repeat(21).slice(0, room - name.length - 1)}/${name}`.replace('//', '/');
}

it('leaves behind what lies too deep for us, and fails nobody', async () => {
  world.commit({ [tooDeep('f'.repeat(39))]: 'deep\n' });
  await first();
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  expect(readdirSync(join(kept, 'tree')).toSorted()).toEqual(['docs', 'lib', 'src']);
});

it('a checkout that cannot be noted is one that leaves nothing, and no failure', async () => {
  world.commit({ [tooDeep('f')]: 'deep\n' });
  const before = await first();
  expect(existsSync(join(before.path, 'checked-out'))).toBe(false);
  expect(world.logged).toContainEqual(expect.stringMatching(/^Nothing of this tree will be kept\./));
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  expect(existsSync(kept)).toBe(false);
});

it('what was noted and cannot be read any more costs nobody anything', async () => {
  const before = await first();
  rmSync(join(before.path, 'checked-out', 'index'));
  await world.workspaces.remove(requestFor(), yes, { keep: true });
  expect([existsSync(before.path), existsSync(kept)]).toEqual([false, false]);
  expect(world.logged).toContainEqual(expect.stringMatching(/^Nothing of this tree is kept\./));
});
