import { expect, test } from 'vitest';
import { knownCost } from '../../src/core/prices.ts';

const prices = { input: 3, output: 15, cachedInput: 0.3 };
const tokens = { input: 20_000, output: 2_000, cachedInput: 100_000 };

test('tokens and prices make an unknown cost a computed one, to the millionth of a dollar', () => {
  expect(knownCost({ costUsd: null, tokens }, prices)).toEqual({ costUsd: 0.12, computed: true });
  const one = { input: 1, output: 0, cachedInput: 0 };
  expect(knownCost({ costUsd: null, tokens: one }, prices)).toEqual({ costUsd: 0.000003, computed: true });
});

test('what the agent tells wins, and without tokens or prices the cost stays unknown', () => {
  expect(knownCost({ costUsd: 0.5, tokens }, prices)).toEqual({ costUsd: 0.5, computed: false });
  // Agents tell 0 of a model whose price they do not know.
  expect(knownCost({ costUsd: 0, tokens }, prices)).toEqual({ costUsd: 0.12, computed: true });
  expect(knownCost({ costUsd: 0, tokens }, null)).toEqual({ costUsd: null, computed: false });
  expect(knownCost({ costUsd: 0, tokens: null }, prices)).toEqual({ costUsd: 0, computed: false });
  expect(knownCost({ costUsd: null, tokens: null }, prices)).toEqual({ costUsd: null, computed: false });
  expect(knownCost({ costUsd: null, tokens }, null)).toEqual({ costUsd: null, computed: false });
});
