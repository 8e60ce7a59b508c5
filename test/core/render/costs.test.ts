import { expect, test } from 'vitest';
import { costSentence, costText } from '../../../src/core/render/costs.ts';
import { addSpent, NOTHING_SPENT } from '../../../src/core/spent.ts';
import { spent } from './sample-fleet.ts';

const tokens = { input: 9_000, output: 1_000, cachedInput: 110_000 };

test('what is known is told, and what is not known is told as unknown and never as zero', () => {
  expect(costText(spent({ knownUsd: 0.42, tokens }))).toBe('$0.42 · 120k tokens');
  expect(costText(spent({ knownUsd: 0.25, unknownTokens: 1 }))).toBe('$0.25');
  expect(costText(spent({ unknown: 1, unknownTokens: 1 }))).toBe('unknown');
  expect(costText(spent({ unknown: 1, tokens }))).toBe('unknown · 120k tokens');
  expect(costText(spent({ sessions: 2, knownUsd: 0.25, unknown: 1, tokens, unknownTokens: 1 }))).toBe(
    '$0.25 + unknown · 120k + unknown tokens',
  );
  expect(costText(spent({ knownUsd: 0 }))).toBe('$0.00');
});

test('what was computed from tokens is told as an approximation', () => {
  expect(costText(spent({ knownUsd: 0.12, computed: true, tokens }))).toBe('≈ $0.12 · 120k tokens');
});

test('nothing is told where no agent was asked, and unknown tokens where there is room', () => {
  expect([costText(NOTHING_SPENT), costSentence(NOTHING_SPENT)]).toEqual(['', '']);
  expect(costSentence(spent({ knownUsd: 0.25, unknownTokens: 1 }))).toBe('$0.25 · tokens unknown');
});

test.each([
  [999, '999'],
  [1_000, '1k'],
  [1_240, '1.2k'],
  [99_960, '100k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [123_400_000, '123M'],
])('%i tokens are %s', (input, text) => {
  expect(costText(spent({ tokens: { input, output: 0, cachedInput: 0 } }))).toBe(`$0.00 · ${text} tokens`);
});

test('sums keep what is known and count what is not', () => {
  const one = spent({ knownUsd: 1, computed: true, tokens });
  const two = spent({ unknown: 1, unknownTokens: 1 });
  expect(addSpent([one, two, one])).toEqual({
    sessions: 3,
    knownUsd: 2,
    computed: true,
    unknown: 1,
    tokens: { input: 18_000, output: 2_000, cachedInput: 220_000 },
    unknownTokens: 1,
  });
  expect(addSpent([])).toEqual(NOTHING_SPENT);
});
