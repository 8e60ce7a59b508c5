import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isUsable, moveUntouched, writeTreeRecord } from '../../../src/platform/git/tree-record.ts';
import { write } from './git-world.ts';

/** `a/x`, `a/y`, `b/c/x`, `b/d/x`, `z` and a repository at the top, as they were recorded. */
let tree: string;
let record: string;
let to: string;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  [tree, record, to] = [join(folder, 'tree'), join(folder, 'entries'), join(folder, 'to')];
  for (const path of ['a/x', 'a/y', 'b/c/x', 'b/d/x', 'z', '.git/HEAD']) write(tree, path, 'text\n');
  await writeTreeRecord(tree, record);
});

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
    await writeTreeRecord(tree, record);
    const [written, changed] = [record, join(tree, 'a', 'x')].map((path) => statSync(path, { bigint: true }).ctimeNs);
    expect(written).toBeGreaterThan(changed ?? 0n);
  }
});

describe('a record is of no use', () => {
  const rewrite = (change: (fields: string[]) => void): void => {
    const fields = readFileSync(record, 'latin1').split('\0');
    change(fields);
    writeFileSync(record, fields.join('\0'), 'latin1');
  };

  it.each<[string, () => void]>([
    ['that is not there', () => rmSync(record)],
    ['that is empty', () => writeFileSync(record, '')],
    ['of another format', () => rewrite((fields) => fields.splice(0, 1, fields[0]?.replace(/^1/, '2') ?? ''))],
    ['of before the system started', () => rewrite((fields) => fields.splice(0, 1, '1 of-another-start'))],
    [
      'when the clock was set back since',
      () => rewrite((fields) => fields.splice(1, 1, String(Number(fields[1]) + 1000))),
    ],
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
  await writeTreeRecord(tree, record);
  expect(await moveUntouched(tree, record, to)).toBe(true);
  expect(readdirSync(to, { encoding: 'latin1' })).toContain('n\xe4\n\xff');
});
