import { describe, expect, test } from 'vitest';
import { nextSlot } from '../../src/core/pacing.ts';

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
