import { expect, test } from 'vitest';
import {
  inOrderOfAsking,
  isGivenUp,
  isStillKept,
  isTooLate,
  lookSince,
  moveMark,
  nextAskAt,
} from '../../src/core/missed-deliveries.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 4, 4, 9);

const mark = (newest: number | null, settled = false, seenAt = NOW) => ({ newest, settled, seenAt });

test('a look goes back a little further than to the newest attempt, and three days at most', () => {
  expect(lookSince(mark(NOW - 5 * MINUTE), NOW)).toBe(NOW - 6 * MINUTE);
  expect(lookSince(mark(NOW - 5 * MINUTE, true), NOW)).toBe(NOW - 5 * MINUTE + 1);
  expect(lookSince(mark(NOW - 10 * DAY), NOW)).toBe(NOW - 3 * DAY);
  expect(lookSince(mark(null), NOW)).toBe(NOW - 3 * DAY);
  expect([isStillKept(NOW - 3 * DAY, NOW), isStillKept(NOW - 3 * DAY - 1, NOW)]).toEqual([true, false]);
});

test('a mark settles when a minute later nothing newer is listed, and moves with the newest attempt', () => {
  const first = moveMark(mark(null, false, 0), [{ deliveredAt: 500 }, { deliveredAt: 700 }], NOW);
  expect(first).toEqual(mark(700));
  expect(moveMark(first, [{ deliveredAt: 700 }], NOW + MINUTE - 1)).toEqual(first);
  const settled = moveMark(first, [{ deliveredAt: 700 }], NOW + MINUTE);
  expect(settled).toEqual(mark(700, true));
  expect(moveMark(settled, [], NOW + 2 * MINUTE)).toEqual(settled);
  expect(moveMark(settled, [{ deliveredAt: 800 }], NOW + 3 * MINUTE)).toEqual(mark(800, false, NOW + 3 * MINUTE));
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
