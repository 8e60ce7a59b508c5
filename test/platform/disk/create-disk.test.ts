import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDisk } from '../../../src/platform/disk/create-disk.ts';

const MIB = 1024 ** 2;
/** More than a folder takes by itself. */
const STEP = 64 * 1024;

function given() {
  const dataDir = mkdtempSync(join(tmpdir(), 'flotilla-disk-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const folder = (...path: string[]) => {
    const made = join(dataDir, ...path);
    mkdirSync(made, { recursive: true });
    return made;
  };
  return { dataDir, disk: createDisk({ dataDir }), folder };
}

test('a folder takes its blocks: a file with two names counts once, and what a link leads to not at all', async () => {
  const { disk, folder } = given();
  const elsewhere = folder('elsewhere');
  writeFileSync(join(elsewhere, 'other'), Buffer.alloc(4 * MIB, 1));
  const path = folder('measured');
  const nested = folder('measured', 'nested');
  writeFileSync(join(path, 'file'), Buffer.alloc(2 * MIB, 1));
  linkSync(join(path, 'file'), join(nested, 'again'));
  symlinkSync(elsewhere, join(path, 'link'));
  symlinkSync(join(elsewhere, 'other'), join(nested, 'link'));
  const [size] = await disk.sizes([path]);
  expect(size?.whole).toBe(true);
  expect(size?.bytes).toBeGreaterThanOrEqual(2 * MIB);
  expect(size?.bytes).toBeLessThan(3 * MIB);
  expect(await disk.sizes([join(path, '-missing')])).toEqual([{ bytes: 0, whole: true }]);
  expect(await disk.sizes([])).toEqual([]);
  expect(await disk.freeBytes()).toBeGreaterThan(0);
});

test('a size that is not known is told from that of what is not there', async () => {
  const { disk, folder } = given();
  const file = join(folder('measured'), 'file');
  writeFileSync(file, '');
  expect(await disk.sizes([join(file, 'within')])).toEqual([{ bytes: null, whole: false }]);
});

test('many folders are measured each for itself, whatever is wrong with one of them', async () => {
  const { dataDir, disk, folder } = given();
  const file = join(folder('file'), 'file');
  writeFileSync(file, '');
  const paths = Array.from({ length: 205 }, (_, at) => {
    const path = folder('many', `${at}`);
    writeFileSync(join(path, 'file'), Buffer.alloc((at % 7) * STEP, 1));
    return path;
  });
  const named = folder('many', "of a 'name'\n9\t");
  writeFileSync(join(named, 'file'), Buffer.alloc(9 * STEP, 1));
  const steps = async (asked: readonly string[]) =>
    (await disk.sizes(asked)).map(({ bytes, whole }) => (whole ? Math.floor((bytes ?? -1) / STEP) : 'unknown'));
  const sizes = paths.map((_, at) => at % 7);
  expect(await steps([...paths, named])).toEqual([...sizes, 9]);
  // One of the second hundred is gone, and one of the third cannot be told.
  const asked = [...paths.slice(0, 150), join(dataDir, 'gone'), ...paths.slice(150), join(file, 'within')];
  expect(await steps(asked)).toEqual([...sizes.slice(0, 150), 0, ...sizes.slice(150), 'unknown']);
});

test.skipIf(process.getuid?.() === 0)(
  'what a folder has that nobody can read is left out, and that is said',
  async () => {
    const { disk, folder } = given();
    const closed = folder('measured', 'closed');
    chmodSync(closed, 0);
    onTestFinished(() => chmodSync(closed, 0o700));
    const beside = folder('beside');
    expect(await disk.sizes([join(closed, '..'), beside])).toEqual([
      { bytes: expect.any(Number), whole: false },
      { bytes: expect.any(Number), whole: true },
    ]);
  },
);

test('workspaces and mirrors are found by their places, and links and other things are not among them', async () => {
  const { dataDir, disk, folder } = given();
  expect([await disk.workspaces(), await disk.mirrors()], 'nothing was ever made').toEqual([[], []]);
  const path = folder('workspaces', 'f-abcdefgh', 'acme', 'one');
  symlinkSync(path, join(dataDir, 'workspaces', 'f-abcdefgh', 'acme', 'link'));
  writeFileSync(join(dataDir, 'workspaces', 'file'), '');
  expect(await disk.workspaces()).toEqual([{ path, fleetId: 'f-abcdefgh', folder: 'acme/one' }]);

  const used = folder('mirrors', '7.git');
  writeFileSync(join(used, 'used'), '');
  folder('mirrors', '8.git');
  folder('mirrors', '9.git.removed');
  const mirrors = await disk.mirrors();
  expect(mirrors.map(({ repositoryId }) => repositoryId).toSorted()).toEqual([7, 8]);
  expect(mirrors.find(({ repositoryId }) => repositoryId === 7)?.usedAt).toBeGreaterThan(0);
  expect(
    mirrors.find(({ repositoryId }) => repositoryId === 8),
    'never used to its end',
  ).toMatchObject({ usedAt: 0 });
});

test('kept trees are found beside mirrors, neither as the other, since when they are kept; what is half removed is none', async () => {
  const { disk, folder } = given();
  expect(await disk.keptTrees(), 'nothing was ever kept').toEqual([]);
  const path = folder('mirrors', '7.tree');
  writeFileSync(join(path, 'index'), '');
  utimesSync(path, 1_000, 2_000);
  folder('mirrors', '7.git');
  expect(await disk.hasHalfRemoved()).toBe(false);
  for (const name of ['8.tree.removed', '8.git.removed', 'x.tree', '.tree']) folder('mirrors', name);
  expect(await disk.hasHalfRemoved()).toBe(true);
  expect(await disk.keptTrees()).toEqual([{ repositoryId: 7, path, usedAt: 2_000_000 }]);
  expect((await disk.mirrors()).map(({ path: mirror }) => mirror)).toEqual([path.replace('.tree', '.git')]);
});
