import { expect, it, test } from 'vitest';
import { tokensOf } from '../../../src/platform/agent/session-tokens.ts';

const answer = (usage: object) => tokensOf({ stopReason: 'end_turn', usage });

test.each([
  ['cached input apart, as opencode counts', { totalTokens: 1050, cachedReadTokens: 200 }, [800, 50, 200]],
  ['cached input in the input', { totalTokens: 850, cachedReadTokens: 200 }, [600, 50, 200]],
  ['thoughts apart', { totalTokens: 880, thoughtTokens: 30 }, [800, 80, 0]],
  ['thoughts in the output', { totalTokens: 850, thoughtTokens: 30 }, [800, 50, 0]],
  ['what was written to the cache as input', { totalTokens: 950, cachedWriteTokens: 100 }, [900, 50, 0]],
  ['no total', { cachedReadTokens: 200, thoughtTokens: 9 }, [800, 50, 200]],
  ['parts that are no numbers', { totalTokens: 'many', cachedReadTokens: -1, thoughtTokens: {} }, [800, 50, 0]],
])('tokens are counted with %s', (_, more, [input, output, cachedInput]) => {
  expect(answer({ inputTokens: 800, outputTokens: 50, ...more })).toEqual({ input, output, cachedInput });
});

it('takes what gemini-cli tells beside the protocol', () => {
  const quota = { token_count: { input_tokens: 3000, output_tokens: 150 }, model_usage: [] };
  expect(tokensOf({ stopReason: 'end_turn', _meta: { quota } })).toEqual({ input: 3000, output: 150, cachedInput: 0 });
});

it('bounds what an agent tells', () => {
  expect(answer({ inputTokens: 1e300, outputTokens: 1.5 })).toEqual({ input: 1e12, output: 2, cachedInput: 0 });
});

test.each([
  [null],
  [{ stopReason: 'cancelled' }],
  [{ usage: { inputTokens: 1, outputTokens: 1 } }],
  [{ stopReason: 'end_turn', usage: { inputTokens: -1, outputTokens: 1 } }],
  [{ stopReason: 'end_turn', usage: { inputTokens: Number.POSITIVE_INFINITY, outputTokens: 1 } }],
  [{ stopReason: 'end_turn', _meta: { quota: { token_count: null } } }],
])('tokens are unknown, which is not zero, from %j', (said) => {
  expect(tokensOf(said)).toBeNull();
});
