import { expect, test } from 'vitest';
import { metricsTokenProblem } from '../../../src/core/settings/metrics-token.ts';

test('a token of 16 characters or more is no problem', () => {
  expect(metricsTokenProblem('TOKEN', ' 0123456789abcdef\n')).toBeNull();
});

test.each([
  ['unset', undefined, 'is not set'],
  ['empty', ' ', 'is not set'],
  ['short', '0123456789abcde', 'has less than 16 characters'],
  ['of two words', 'secret-0123456 789abcdef', 'holds characters that no token can have'],
])('one that is %s is told with its variable and what to do, and without its value', (_, value, problem) => {
  const told = metricsTokenProblem('TOKEN', value);
  expect(told).toContain(`\`metrics.token_from\` names TOKEN, which ${problem}`);
  expect(told).toContain('openssl rand -hex 32');
  expect(told).not.toContain('0123456');
});
