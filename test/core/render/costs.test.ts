import { expect, test } from 'vitest';
import { costOf, costText } from '../../../src/core/render/costs.ts';
import { node, task } from './sample-fleet.ts';

const cost = (...nodes: Parameters<typeof costOf>[1]): string => costText(costOf(task('api'), nodes));

test.each(['prompt', 'command', 'loop'])('what a %s cost is told, also in a group', (kind) => {
  expect(cost(node('a', { kind, costUsd: 0.25 }))).toBe('$0.25');
  expect(cost(node('group', { kind: 'loop_group' }), node('group/2/x', { kind, costUsd: 0.25 }))).toBe('$0.25');
  expect(cost(node('a', { kind, costUsd: null }))).toBe('unknown');
  expect(cost(node('a', { kind, costUsd: 0.25 }), node('b', { kind }))).toBe('$0.25 + unknown');
});

test('nothing is told of what asks no agent, was skipped or still runs', () => {
  const loop = node('a', { kind: 'loop' });
  expect(
    cost(
      node('group', { kind: 'loop_group' }),
      node('inner', { kind: 'include' }),
      { ...loop, status: 'skipped' },
      { ...loop, endedAt: null },
    ),
  ).toBe('');
});
