import { expect, test } from 'vitest';
import {
  inOrderOfAsking,
  isGivenUp,
  isStillKept,
  isTooLate,
  lookSince,
  nextAskAt,
  seenUntil,
} from '../../src/core/missed-deliveries.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 4, 4, 9);

test('a look goes back a little further than to where the last one was, and three days at most', () => {
  expect(lookSince(NOW - 5 * MINUTE, NOW)).toBe(NOW - 6 * MINUTE);
  expect(lookSince(NOW - 10 * DAY, NOW)).toBe(NOW - 3 * DAY);
  expect(lookSince(null, NOW)).toBe(NOW - 3 * DAY);
  expect([isStillKept(NOW - 3 * DAY, NOW), isStillKept(NOW - 3 * DAY - 1, NOW)]).toEqual([true, false]);
});

test('what was seen never goes back, and follows the clock as far as clocks can be apart', () => {
  expect(seenUntil(null, NOW)).toBe(NOW - 10 * MINUTE);
  expect(seenUntil(NOW - 5 * MINUTE, NOW)).toBe(NOW - 5 * MINUTE);
  expect(seenUntil(NOW - DAY, NOW)).toBe(NOW - 10 * MINUTE);
});

test('the distances grow, the first is over at the next look, and the third time is the last', () => {
  expect([1, 2, 3].map((asked) => nextAskAt(asked, 0) / MINUTE)).toEqual([4, 60, 4]);
  expect([0, 1, 2, 3].map(isGivenUp)).toEqual([false, false, false, true]);
});

test('a command of 30 minutes is carried out, and an older one is not', () => {
  expect(isTooLate(NOW - 30 * MINUTE, NOW)).toBe(false);
  expect(isTooLate(NOW - 30 * MINUTE - 1, NOW)).toBe(true);
  expect(isTooLate(NOW + 5 * MINUTE, NOW), "GitHub's clock is ahead").toBe(false);
});

test('what can still be carried out is asked for first', () => {
  const at = (minutes: number) => ({ firstAt: NOW - minutes * MINUTE });
  expect(inOrderOfAsking([at(50), at(40), at(20), at(10)], NOW)).toEqual([at(20), at(10), at(50), at(40)]);
});
