import { describe, expect, test } from 'vitest';
import {
  addUsd,
  type Budget,
  countedUsd,
  DAY_MS,
  isHeld,
  NOTHING_COUNTED,
  overrun,
  overrunText,
  roomAgainAt,
  usedUp,
  usedUpText,
} from '../../src/core/budget.ts';

const budget = (of: Budget['of'], limitUsd: number, counted: Partial<Budget> = {}): Budget => ({
  of,
  key: '`a`',
  limitUsd,
  ...NOTHING_COUNTED,
  ...counted,
});
const ofNode = (limitUsd: number, spentUsd = 0) => budget('node', limitUsd, { spentUsd });
const ofFleet = (limitUsd: number, spentUsd = 0) => budget('fleet', limitUsd, { key: '`b`', spentUsd });

test('a cost counts as it is known, and for the worst case where it is not', () => {
  expect(countedUsd({ costUsd: 0.25, prompted: true }, 5)).toBe(0.25);
  expect(countedUsd({ costUsd: 0, prompted: true }, 5)).toBe(0);
  expect(countedUsd({ costUsd: null, prompted: true }, 5)).toBe(5);
  expect(countedUsd({ costUsd: null, prompted: false }, 5)).toBe(0);
});

test('sums of dollars are exact to the millionth', () => {
  expect(addUsd(0.1, 0.2)).toBe(0.3);
  expect(addUsd(0.000001, 0.000002)).toBe(0.000003);
});

describe('a session may start', () => {
  test('where something is left, or there is no budget', () => {
    expect(usedUp([])).toBeUndefined();
    expect(usedUp([ofNode(2, 1.999999), ofFleet(0.3, 0.2)])).toBeUndefined();
  });

  test('not where one of the budgets is used up to the cent, by what is over and what was told', () => {
    const fleet = ofFleet(12.5, 12.5);
    expect(usedUp([ofNode(2), fleet])).toBe(fleet);
    expect(usedUpText(fleet)).toBe(
      'did not ask its agent: the sessions of the fleet count for $12.50, and `b` is $12.50.',
    );
    const node = ofNode(2, 7);
    expect(usedUp([node, ofFleet(1, 7)])).toBe(node);
    expect(usedUpText(node)).toMatch(/^did not ask its agent again: its sessions count for \$7\.00/);
    expect(usedUp([budget('fleet', 2, { spentUsd: 1, toldUsd: 1 })])).toBeDefined();
  });

  test('later where those at work may use what is left', () => {
    const held = budget('fleet', 5, { spentUsd: 1, toldUsd: 0, heldUsd: 4 });
    expect(usedUp([held])).toBeUndefined();
    expect(isHeld([held])).toBe(true);
    expect(isHeld([{ ...held, heldUsd: 3.99 }])).toBe(false);
  });
});

describe('a session is over', () => {
  test('not by the limit itself, nor by what others may cost', () => {
    expect(overrun([], 1_000_000)).toBeUndefined();
    expect(overrun([ofNode(2), ofFleet(2)], 2)).toBeUndefined();
    expect(overrun([ofNode(0.3, 0.1)], 0.2)).toBeUndefined();
    expect(overrun([budget('fleet', 5, { heldUsd: 5 })], 5)).toBeUndefined();
  });

  test('by more, with what others have told, which names the limit and the amounts', () => {
    const told = (budgets: Budget[], cost: number) => {
      const over = overrun(budgets, cost);
      return over && overrunText(over, cost);
    };
    expect(told([ofNode(2)], 2.31)).toBe('cost $2.31, over `a` of $2.');
    expect(told([ofNode(2, 1.5)], 0.75)).toBe('cost $0.75, with which its sessions count for $2.25, over `a` of $2.');
    expect(told([ofNode(9), ofFleet(25, 24.5)], 0.75)).toBe(
      'cost $0.75, with which the sessions of the fleet count for $25.25, over `b` of $25.',
    );
    expect(told([budget('task', 3, { spentUsd: 1, toldUsd: 1, heldUsd: 6 })], 1.5)).toBe(
      'cost $1.50, with which the sessions of the task count for $3.50, over `a` of $3.',
    );
  });
});

describe('what a person may spend in a day', () => {
  test('is told with its amount and when there is room again', () => {
    const day = budget('user', 10, { key: "the operator's `x`", spentUsd: 12, login: 'mona' });
    expect(usedUpText(day, Date.UTC(2026, 0, 2, 7, 41))).toBe(
      "did not ask its agent: the sessions that mona asked for in the last 24 hours count for $12.00, and the operator's `x` is $10; there is room again at 2026-01-02 07:41 UTC.",
    );
  });

  test('has room again when enough of it is older than a day, to the next minute', () => {
    const sessions = [
      { startedAt: 0, countedUsd: 1 },
      { startedAt: 61_000, countedUsd: 6 },
      { startedAt: 90_000, countedUsd: 5 },
    ];
    expect(roomAgainAt(sessions, 10)).toBe(DAY_MS + 120_000);
    expect(roomAgainAt(sessions, 12)).toBe(DAY_MS);
    expect(roomAgainAt(sessions, 13)).toBeNull();
  });
});
