import { expect, it } from 'vitest';
import { freeForFilesOf } from '../../../src/platform/disk/free-bytes.ts';

const GIB = 1024 ** 3;
/** 100 GiB in blocks of 4 KiB, of which 40 GiB are left, and a file for each 16 KiB. */
const disk = { bsize: 4096, blocks: 100 * 2 ** 18, bavail: 40 * 2 ** 18, files: 100 * 2 ** 16, ffree: 80 * 2 ** 16 };

it('is what is left of the bytes, as long as there are files for them', () => {
  expect(freeForFilesOf(disk)).toBe(40 * GIB);
});

it('is no more than the share of the files that are left: work trees use these up first', () => {
  expect(freeForFilesOf({ ...disk, ffree: 10 * 2 ** 16 })).toBe(10 * GIB);
  expect(freeForFilesOf({ ...disk, ffree: 0 })).toBe(0);
});

it('is that of the bytes where files are not counted, as on Btrfs', () => {
  expect(freeForFilesOf({ ...disk, files: 0, ffree: 0 })).toBe(40 * GIB);
});
