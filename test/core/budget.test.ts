import { describe, expect, test } from 'vitest';
import { addUsd, type Budget, overrun, sessionCost, usedUp } from '../../src/core/budget.ts';

const ofNode = (limitUsd: number, spentUsd = 0): Budget => ({ of: 'node', key: '`a`', limitUsd, spentUsd });
const ofFleet = (limitUsd: number, spentUsd = 0): Budget => ({ of: 'fleet', key: '`b`', limitUsd, spentUsd });

test('a cost counts as it is known, and for the worst case where it is not', () => {
  expect(sessionCost({ costUsd: 0.25, prompted: true }, 5)).toEqual({ knownUsd: 0.25, countedUsd: 0.25 });
  expect(sessionCost({ costUsd: 0, prompted: true }, 5)).toEqual({ knownUsd: 0, countedUsd: 0 });
  expect(sessionCost({ costUsd: null, prompted: true }, 5)).toEqual({ knownUsd: null, countedUsd: 5 });
  expect(sessionCost({ costUsd: null, prompted: false }, 5)).toEqual({ knownUsd: null, countedUsd: 0 });
});

test('sums of dollars are exact to the millionth', () => {
  expect(addUsd(0.1, 0.2)).toBe(0.3);
  expect(addUsd(0.000001, 0.000002)).toBe(0.000003);
});

describe('a session may start', () => {
  test('where something is left, or there is no budget', () => {
    expect(usedUp([])).toBeNull();
    expect(usedUp([ofNode(2, 1.999999), ofFleet(0.3, 0.2)])).toBeNull();
  });

  test('not where one of the budgets is used up to the cent', () => {
    expect(usedUp([ofNode(2), ofFleet(12.5, 12.5)])).toBe(
      'did not ask its agent: the sessions of the fleet count for $12.50, and `b` is $12.50.',
    );
    expect(usedUp([ofNode(2, 7), ofFleet(1, 7)])).toMatch(
      /^did not ask its agent again: its sessions count for \$7\.00/,
    );
  });
});

describe('a session is over', () => {
  test('not by the limit itself', () => {
    expect(overrun([], 1_000_000)).toBeNull();
    expect(overrun([ofNode(2), ofFleet(2)], 2)).toBeNull();
    expect(overrun([ofNode(0.3, 0.1)], 0.2)).toBeNull();
  });

  test('by more, which names the limit and the amounts', () => {
    expect(overrun([ofNode(2)], 2.31)).toBe('cost $2.31, over `a` of $2.');
    expect(overrun([ofNode(2, 1.5)], 0.75)).toBe(
      'cost $0.75, with which its sessions count for $2.25, over `a` of $2.',
    );
    expect(overrun([ofNode(9), ofFleet(25, 24.5)], 0.75)).toBe(
      'cost $0.75, with which the sessions of the fleet count for $25.25, over `b` of $25.',
    );
  });
});
