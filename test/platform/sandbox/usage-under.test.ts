import { expect, it } from 'vitest';
import { usageUnder } from '../../../src/platform/sandbox/usage-under.ts';

const one = (parent: number) => ({ parent, threads: 1, bytes: 10 });

it('a box has the sum of all that descends from its first process, and of nothing else', () => {
  const processes = new Map([
    [1, one(0)],
    [2, one(1)],
    [10, one(2)],
    [11, one(10)],
    [12, one(11)],
    [20, one(2)],
    [21, one(20)],
    [30, one(99)],
  ]);
  expect(usageUnder(processes, new Set([10, 20, 40]))).toEqual(
    new Map([
      [10, { threads: 3, bytes: 30 }],
      [20, { threads: 2, bytes: 20 }],
    ]),
  );
});

it('numbers that were given again while they were read, so that they make a ring, hold up nobody', () => {
  const processes = new Map([
    [10, one(2)],
    [100, one(200)],
    [200, one(100)],
    [300, one(300)],
    [301, one(200)],
  ]);
  expect(usageUnder(processes, new Set([10]))).toEqual(new Map([[10, { threads: 1, bytes: 10 }]]));
});

it('a chain of a hundred thousand processes is counted at once', () => {
  const chain = new Map(Array.from({ length: 100_000 }, (_, index) => [index + 2, one(index + 1)]));
  const began = performance.now();
  expect(usageUnder(chain, new Set([2])).get(2)?.threads).toBe(100_000);
  expect(performance.now() - began).toBeLessThan(2000);
});
