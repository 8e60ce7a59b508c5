import { expect, it } from 'vitest';
import { inTurns, median, spread } from '../../bench/measure.ts';
import { resultLines } from '../../bench/print-result.ts';

it('runs what it compares in turns and in changing order, and forgets the warm-up', async () => {
  const ran: string[] = [];
  const variant = (name: string) => async () => void ran.push(name);
  const times = await inTurns({ a: variant('a'), b: variant('b') }, { warmUp: 1, repetitions: 3 });
  expect(ran.join('')).toBe('abbaabba');
  expect([times.a.length, times.b.length]).toEqual([3, 3]);
  expect(times.a).toEqual(times.a.toSorted((x, y) => x - y));
});

it('takes the middle, and the tenth and ninetieth percentile, of times in their order', () => {
  expect(median([1, 2, 9])).toBe(2);
  expect(median([1, 2, 4, 9])).toBe(3);
  expect(spread([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])).toEqual([10, 90]);
});

it('says whether a target was met', () => {
  const lines = (value: number): string[] =>
    resultLines(
      { name: 'box', about: 'boxes' },
      {
        measured: true,
        repetitions: 3,
        figures: [{ name: 'more', value, unit: 'ms', spread: [1, 2] }],
        targets: [{ figure: 'more', atMost: 10 }],
      },
    );
  expect(lines(9.99)).toEqual([
    'box: boxes; medians of 3 repetitions in turns',
    '  more                         9.99 ms   (1.00 to 2.00)',
    '  target: more at most 10 ms: met',
  ]);
  expect(lines(10.01).at(-1)).toContain('MISSED');
});
