import { describe, expect, test } from 'vitest';
import { forecastPublishing } from '../../src/core/publish-forecast.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 10 * HOUR;
const pace = { reservations: [], perMinute: 80, perHour: 500, closedUntil: 0, now: NOW };

const task = (id: string, change: Partial<Parameters<typeof forecastPublishing>[0][number]> = {}) => ({
  id,
  status: 'queued' as const,
  publishingAt: null,
  notBefore: 0,
  ...change,
});
const parked = (id: string, notBefore: number) => task(id, { publishingAt: NOW - 1, notBefore });

describe('forecastPublishing', () => {
  test('says nothing while nobody waits for the limits', () => {
    expect(forecastPublishing([task('a'), task('b', { notBefore: NOW + 1 })], [], pace)).toBeNull();
    expect(forecastPublishing([parked('a', NOW)], [NOW], pace)).toBeNull();
  });

  test('tells a wait for the limits from a wait for an answer', () => {
    const tasks = [parked('limits', NOW + MINUTE), parked('answer', NOW + 30_000)];
    expect(forecastPublishing(tasks, [NOW + MINUTE], pace)?.paced).toEqual(new Set(['limits']));
    const closed = { ...pace, closedUntil: NOW + MINUTE };
    expect(forecastPublishing(tasks, [], closed)?.paced).toEqual(new Set(['limits', 'answer']));
  });

  test('is done with the last that waits when nothing else is to be made', () => {
    const tasks = [parked('a', NOW + MINUTE), parked('b', NOW + 2 * MINUTE), task('c', { status: 'completed' })];
    expect(forecastPublishing(tasks, [NOW + MINUTE, NOW + 2 * MINUTE], pace)?.doneAt).toBe(NOW + 2 * MINUTE);
  });

  test('counts every unfinished task behind those that have a place, at the budget of the hour', () => {
    const reservations = Array.from({ length: 500 }, (_, index) => NOW - HOUR + index * 7_000);
    const places = [NOW + 10 * MINUTE];
    const tasks = [parked('a', NOW + 10 * MINUTE), ...Array.from({ length: 1_000 }, (_, index) => task(`t${index}`))];
    const forecast = forecastPublishing(tasks, places, { ...pace, reservations });
    expect(forecast?.doneAt).toBeGreaterThanOrEqual(NOW + 2 * HOUR);
    expect(forecast?.doneAt).toBeLessThan(NOW + 3 * HOUR);
  });

  test('takes no time worth speaking of for ten thousand tasks', () => {
    const tasks = [parked('a', NOW + 1), ...Array.from({ length: 10_000 }, (_, index) => task(`t${index}`))];
    const before = process.cpuUsage();
    forecastPublishing(tasks, [NOW + 1], pace);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(100);
  });
});
