import { describe, expect, test } from 'vitest';
import {
  delayPlaces,
  nextSlot,
  type Place,
  placesAfterClosing,
  takeFirstPlace,
  takePlace,
  tasksPerHour,
} from '../../src/core/pacing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const budget = { perMinute: 80, perHour: 500, closedUntil: 0 };

describe('nextSlot', () => {
  test('is now while there is room', () => {
    expect(nextSlot({ ...budget, reservations: [], now: HOUR })).toBe(HOUR);
  });

  test('waits until the reservation that fills the minute leaves it', () => {
    const reservations = Array.from({ length: 80 }, (_, index) => HOUR + index);
    const slot = nextSlot({ ...budget, reservations, now: HOUR + 100 });
    expect(slot).toBeGreaterThanOrEqual(HOUR + MINUTE);
    expect(slot).toBeLessThan(HOUR + MINUTE + 2_000);
  });

  test('waits as long as GitHub said', () => {
    expect(nextSlot({ ...budget, closedUntil: HOUR + 5, reservations: [], now: HOUR })).toBe(HOUR + 5);
  });

  test('never opens without a budget', () => {
    expect(nextSlot({ ...budget, perHour: 0, reservations: [], now: HOUR })).toBe(Number.POSITIVE_INFINITY);
  });

  test('keeps both windows over hours of steady demand and uses at least 95 % of the hour', () => {
    const taken: number[] = [];
    for (let now = HOUR; now < 4 * HOUR; ) {
      const slot = nextSlot({ ...budget, reservations: taken, now });
      if (slot <= now) taken.push(now);
      now = Math.max(slot, now + 1);
    }
    const within = (end: number, length: number) => taken.filter((at) => at > end - length && at <= end).length;
    expect(Math.max(...taken.map((at) => within(at, MINUTE)))).toBeLessThanOrEqual(80);
    expect(Math.max(...taken.map((at) => within(at, HOUR)))).toBeLessThanOrEqual(500);
    expect(taken.length).toBeGreaterThanOrEqual(0.95 * 3 * 500);
  });
});

test('pull requests leave 4 % of an hour to tracking issues and replies, and nothing of a tiny budget', () => {
  expect([500, 100, 24, 3, 0].map(tasksPerHour)).toEqual([480, 96, 24, 3, 0]);
});

/** `t1@100 r1@200`: places of tasks and reports at their times. */
function queue(words: string): Place[] {
  return words.split(' ').flatMap((word) => {
    const [effectId = '', at] = word.split('@');
    return word === '' ? [] : [{ effectId, at: Number(at), ofTask: effectId.startsWith('t') }];
  });
}
const shown = (places: readonly Place[]) => places.map(({ effectId, at }) => `${effectId}@${at}`).join(' ');

describe('takePlace', () => {
  test.each([
    { says: 'a task at the end', before: 't1@100 r1@200', newcomer: 't2', slot: 300, after: 't2@300' },
    { says: 'a time of its own', before: 't1@100 t2@100', newcomer: 't3', slot: 100, after: 't3@101' },
    { says: 'a report alone at once', before: '', newcomer: 'r1', slot: 300, after: 'r1@300' },
    {
      says: 'a report behind the first task, and moves the others on by one',
      before: 't1@100 t2@200 t3@300',
      newcomer: 'r1',
      slot: 400,
      after: 'r1@200 t2@300 t3@400',
    },
    {
      says: 'reports and tasks in turn',
      before: 't1@100 r1@200 t2@300 t3@400',
      newcomer: 'r2',
      slot: 500,
      after: 'r2@400 t3@500',
    },
    { says: 'a report behind another at the end', before: 't1@100 r1@200', newcomer: 'r2', slot: 300, after: 'r2@300' },
  ])('gives $says', ({ before, newcomer, slot, after }) => {
    const taken = takePlace(queue(before), { effectId: newcomer, ofTask: newcomer.startsWith('t') }, slot);
    expect(shown(taken)).toBe(after);
  });
});

describe('takeFirstPlace', () => {
  test('moves everyone on by one', () => {
    const taken = takeFirstPlace(queue('t1@100 r1@200'), { effectId: 't0', ofTask: true }, 300);
    expect(shown(taken)).toBe('t0@100 t1@200 r1@300');
  });
});

describe('delayPlaces', () => {
  const late: Place = { effectId: 't1', at: 90, ofTask: true };

  test('moves all that wait on by a small delay', () => {
    expect(shown(delayPlaces(queue('t2@150 t3@250'), late, 1_100, 100))).toBe('t1@1100 t2@1150 t3@1250');
  });

  test('moves only one that is late by much', () => {
    expect(shown(delayPlaces(queue('t2@150'), late, 60_100, 100))).toBe('t1@60100');
  });
});

describe('placesAfterClosing', () => {
  test.each([
    { says: 'the order and the distances', before: 't1@100 t2@150', until: 1_000, sentAt: 0, after: 't1@1000 t2@1050' },
    { says: 'what comes later anyway', before: 't1@1000 t2@1500', until: 900, sentAt: 0, after: '' },
    {
      says: 'no distance of what is long overdue',
      before: 't1@100 t2@200 t3@5100',
      until: 6_000,
      sentAt: 5_000,
      after: 't1@6000 t2@6001 t3@6100',
    },
  ])('keeps $says', ({ before, until, sentAt, after }) => {
    expect(shown(placesAfterClosing(queue(before), until, sentAt))).toBe(after);
  });
});
