import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { TIME_KEEPING } from '../../../src/platform/git/kept-tree.ts';
import { isUsable, moveUntouched, type TreeRecord, writeTreeRecord } from '../../../src/platform/git/tree-record.ts';
import { runGitIn, write } from './git-world.ts';

/** `a/x`, `a/y`, `b/c/x`, `b/d/x`, `z` and a repository at the top, as they were recorded. */
let tree: string;
let record: TreeRecord;
let to: string;

beforeEach(() => makeTree(tmpdir()));

async function makeTree(where: string): Promise<void> {
  const folder = mkdtempSync(join(where, 'flotilla-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  [tree, to] = [join(folder, 'tree'), join(folder, 'to')];
  record = { index: join(folder, 'index'), folders: join(folder, 'folders') };
  for (const path of ['a/x', 'a/y', 'b/c/x', 'b/d/x', 'z', '.git/HEAD']) write(tree, path, 'text\n');
  runGitIn(folder, ['init', '-q', '--bare', 'git']);
  await recordAll();
}

/** git's index has the times of what it adds, as of what it checks out. */
async function recordAll(): Promise<void> {
  const git = ['--git-dir', join(tree, '..', 'git'), '--work-tree', tree];
  runGitIn(tree, [...git, 'add', '--all'], { GIT_INDEX_FILE: record.index });
  await writeTreeRecord(tree, record);
}

/** Folders that were moved, with what is in them. */
async function moved(): Promise<string[]> {
  const any = await moveUntouched(tree, record, to);
  const found = any ? readdirSync(to, { recursive: true, encoding: 'utf8' }).toSorted() : [];
  expect(any).toBe(found.length > 0);
  return found;
}

const A = ['a', 'a/x', 'a/y'];
const B = ['b', 'b/c', 'b/c/x', 'b/d', 'b/d/x'];

it('everything is moved where nothing was touched, but what lies at the top', async () => {
  expect(await moved()).toEqual([...A, ...B]);
  expect(readdirSync(tree).toSorted()).toEqual(['.git', 'z']);
});

describe('left behind is', () => {
  const at = (path: string): string => join(tree, path);
  const epoch = new Date(0);
  it.each<[string, () => void, string[]]>([
    ['the folder of a file that was written', () => writeFileSync(at('a/x'), 'TEXT\n'), B],
    [
      'the folder of a file that was written, with its times as before',
      () => {
        const { atime, mtime } = statSync(at('a/x'));
        writeFileSync(at('a/x'), 'TEXT\n');
        utimesSync(at('a/x'), atime, mtime);
      },
      B,
    ],
    ['the folder of a file with another mode', () => chmodSync(at('b/c/x'), 0o755), [...A, 'b', 'b/d', 'b/d/x']],
    ['the folder of a file with other times', () => utimesSync(at('a/x'), epoch, epoch), B],
    ['the folder of a file with a second name', () => linkSync(at('a/x'), at('again')), B],
    ['the folder of a file that was removed', () => rmSync(at('b/d/x')), [...A, 'b', 'b/c', 'b/c/x']],
    [
      'the folder of a file that was made anew',
      () => {
        rmSync(at('a/x'));
        writeFileSync(at('a/x'), 'text\n');
      },
      B,
    ],
    [
      'the folder of files that were exchanged',
      () => {
        renameSync(at('a/x'), at('a/new'));
        renameSync(at('a/y'), at('a/x'));
        renameSync(at('a/new'), at('a/y'));
      },
      B,
    ],
    ['a folder that has a new file', () => writeFileSync(at('b/new'), ''), [...A, 'b', 'b/c', 'b/c/x', 'b/d', 'b/d/x']],
    ['a folder that has a repository', () => write(at('a'), '.git/HEAD', 'evil\n'), B],
    ['a folder with another mode', () => chmodSync(at('a'), 0o1777), B],
    ['a folder with other times', () => utimesSync(at('a'), epoch, epoch), B],
    [
      'a folder that was moved and moved back',
      () => {
        renameSync(at('a'), at('new'));
        renameSync(at('new'), at('a'));
      },
      B,
    ],
    ['a folder that nobody recorded', () => write(tree, 'new/file', ''), [...A, ...B]],
    [
      'what a link leads to that took a folder’s place',
      () => {
        renameSync(at('b'), join(to, '..', 'elsewhere'));
        symlinkSync(join(to, '..', 'elsewhere'), at('b'));
      },
      A,
    ],
    ['everything that was removed', () => rmSync(at('a'), { recursive: true }), B],
  ])('%s', async (_what, change, expected) => {
    change();
    expect(await moved()).toEqual(expected);
  });
});

it('is written in a later tick than the last change, so that nothing recorded is left behind for that', async () => {
  for (let count = 0; count < 20; count += 1) {
    writeFileSync(join(tree, 'a', 'x'), `${count}\n`);
    await recordAll();
    const [written, changed] = [record.folders, join(tree, 'a', 'x')].map(
      (path) => statSync(path, { bigint: true }).ctimeNs,
    );
    expect(written).toBeGreaterThan(changed ?? 0n);
  }
});

describe('a record is of no use', () => {
  const rewrite = (change: (was: { clockAheadMs: number }) => object): void => {
    const was = z.looseObject({ clockAheadMs: z.number() }).parse(JSON.parse(readFileSync(record.folders, 'utf8')));
    writeFileSync(record.folders, JSON.stringify({ ...was, ...change(was) }));
  };

  it.each<[string, () => void]>([
    ['that is not there', () => rmSync(record.folders)],
    ['that is empty', () => writeFileSync(record.folders, '')],
    ['of another format', () => rewrite(() => ({ folders: 'others' }))],
    ['of before the system started', () => rewrite(() => ({ boot: 'another' }))],
    ['when the clock was set back since', () => rewrite(({ clockAheadMs }) => ({ clockAheadMs: clockAheadMs + 1000 }))],
  ])('%s', async (_what, change) => {
    expect(await isUsable(record)).toBe(true);
    change();
    expect(await isUsable(record)).toBe(false);
  });
});

it('names are bytes, and none of them ends a field', async () => {
  const folder = Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0x6e, 0xe4, 0x0a, 0xff])]);
  mkdirSync(folder);
  writeFileSync(Buffer.concat([folder, Buffer.from('/\n x')]), '');
  await recordAll();
  expect(await moveUntouched(tree, record, to)).toBe(true);
  expect(readdirSync(to, { encoding: 'latin1' })).toContain('n\xe4\n\xff');
});

/** Maps `a/x`, reads it there, as a page that was read first needs no leave of tmpfs to be written, and lets the kernel write to it. */
const STORE = `
use strict;
my ($read, $write, $mmap) = @ARGV;
open(my $file, '+<', 'a/x') or die; pipe(my $out, my $in);
my $address = syscall($mmap + 0, 0, 4096, 3, 1, fileno($file), 0);
syscall($write + 0, fileno($in), $address + 0, 4) == 4 or die "reading: $!"; sysread($out, my $was, 4);
syswrite($in, 'EVIL'); syscall($read + 0, fileno($out), $address + 0, 4) == 4 or die "writing: $!";
`;
const NUMBERS: Readonly<Record<string, readonly string[]>> = { x64: ['0', '1', '9'], arm64: ['63', '64', '222'] };
const numbers = NUMBERS[process.arch] ?? [];
/** Most tests work in memory, on tmpfs. */
const disk = ['/var/tmp', import.meta.dirname].find((path) => TIME_KEEPING.has(statfsSync(path).type));

it.skipIf(process.platform !== 'linux' || numbers.length === 0 || disk === undefined)(
  'left behind is the folder of a file that was written through a mapping of its memory, on a disk',
  async () => {
    await makeTree(disk ?? '');
    execFileSync('/usr/bin/perl', ['-e', STORE, ...numbers], { cwd: tree });
    expect(readFileSync(join(tree, 'a', 'x'), 'utf8')).toBe('EVIL\n');
    expect(await moved()).toEqual(B);
  },
);

it('nothing is moved that the index does not have as it was checked out, whatever it says of the rest', async () => {
  const index = readFileSync(record.index);
  for (const [what, broken] of [
    ['another version', Buffer.concat([index.subarray(0, 7), Buffer.from([4]), index.subarray(8)])],
    ['another file', Buffer.from('text\n')],
    ['half of it', index.subarray(0, index.length / 2)],
  ] as const) {
    writeFileSync(record.index, broken);
    await expect(moveUntouched(tree, record, to), what).rejects.toThrow();
    expect(readdirSync(tree).toSorted(), what).toEqual(['.git', 'a', 'b', 'z']);
  }
});

it('where a submodule would be is a folder, and stays one', async () => {
  const git = ['--git-dir', join(tree, '..', 'git'), '--work-tree', tree];
  mkdirSync(join(tree, 'b', 'module'));
  const link = ['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},b/module`];
  runGitIn(tree, [...git, ...link], { GIT_INDEX_FILE: record.index });
  await writeTreeRecord(tree, record);
  expect(await moved()).toEqual([...A, ...B, 'b/module']);
});

it('what somebody put where a submodule would be is left behind', async () => {
  const git = ['--git-dir', join(tree, '..', 'git'), '--work-tree', tree];
  mkdirSync(join(tree, 'b', 'c', 'module'));
  const link = ['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},b/c/module`];
  runGitIn(tree, [...git, ...link], { GIT_INDEX_FILE: record.index });
  await writeTreeRecord(tree, record);
  write(tree, 'b/c/module/src/evil', 'evil\n');
  expect(await moved()).toEqual([...A, 'b', 'b/d', 'b/d/x']);
});

it('left behind is the folder of a file that changed after the record was written, though its times are as noted', async () => {
  const newer = { ...record, index: `${record.index}.newer` };
  writeFileSync(join(tree, 'a', 'x'), 'TEXT\n');
  const git = ['--git-dir', join(tree, '..', 'git'), '--work-tree', tree];
  runGitIn(tree, [...git, 'add', '--all'], { GIT_INDEX_FILE: newer.index });
  expect(await moveUntouched(tree, newer, to)).toBe(true);
  expect(readdirSync(to)).toEqual(['b']);
});
