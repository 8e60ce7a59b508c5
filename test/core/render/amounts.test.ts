import { expect, test } from 'vitest';
import { aboutUtc, byteText, ordinal } from '../../../src/core/render/amounts.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 2, 4, 12, 0, 0);

test.each([
  [NOON + 1_000, '12:01 UTC'],
  [NOON + 5 * MINUTE, '12:05 UTC'],
  [NOON + 11 * MINUTE, '12:15 UTC'],
  [NOON + 14 * MINUTE, '12:15 UTC'],
  [NOON + 11 * 60 * MINUTE, '23:00 UTC'],
  [NOON + 13 * 60 * MINUTE, '2026-03-05 01:00 UTC'],
])('an estimate is rounded up, the coarser the further off: %#', (time, text) => {
  expect(aboutUtc(time, NOON)).toBe(text);
});

test('ordinals follow English', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1_003].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '102nd',
    '111th',
    '1,003rd',
  ]);
});

test.each([
  [0, '0 KiB'],
  [1536, '1.5 KiB'],
  [1024 ** 2 * 500, '500 MiB'],
  [1024 ** 3 * 20, '20 GiB'],
  [1024 ** 4 * 3000, '3000 TiB'],
])('%d bytes are %j', (bytes, text) => {
  expect(byteText(bytes)).toBe(text);
});
