import { expect, it } from 'vitest';
import { estimateTurns } from '../../src/core/turn-estimate.ts';

const NOW = 1_000_000;
const MINUTE = 60_000;
const ended = (minutes: number, endedAt = NOW) => ({
  status: 'completed' as const,
  startedAt: endedAt - minutes * MINUTE,
  endedAt,
});
const running = { status: 'running' as const, startedAt: NOW, endedAt: null };
const refused = { status: 'failed' as const, startedAt: null, endedAt: NOW };

it('counts on as many tasks side by side as run now, each as long as the ended ones took', () => {
  const estimate = estimateTurns([ended(2), ended(4), ended(6), running, running, refused], NOW);
  expect(estimate?.startsAt(1)).toBe(NOW + 2 * MINUTE);
  expect(estimate?.startsAt(4)).toBe(NOW + 8 * MINUTE);
  expect(estimate?.doneAt(4)).toBe(NOW + 12 * MINUTE);
});

it('goes by the latest fifty', () => {
  const early = Array.from({ length: 50 }, () => ended(100, NOW - MINUTE));
  const late = Array.from({ length: 50 }, () => ended(1));
  expect(estimateTurns([...early, ...late, running], NOW)?.startsAt(1)).toBe(NOW + MINUTE);
});

it('tells nothing after two tasks, nor while none runs', () => {
  expect(estimateTurns([ended(1), ended(1), running], NOW)).toBeNull();
  expect(estimateTurns([ended(1), ended(1), ended(1)], NOW)).toBeNull();
});
