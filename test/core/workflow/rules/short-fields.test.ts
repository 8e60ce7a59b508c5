import { expect, it } from 'vitest';
import { faultsOf, workflowOf } from './faults-of.ts';

const prompt = (text: string) =>
  faultsOf(workflowOf(`prompt: ${JSON.stringify(text)}\ndepends_on: [test]`, '{ id: test, bash: x }'));

it.each([
  ['It is $test.green now', '5:20', '$test.output.green'],
  ['It is $test.cost.usd', '5:20', '$test.output.cost.usd'],
  ['It is $test.status', '5:20', 'Only a condition'],
])('a field without `.output` is refused in a text: %s', (text, at, hint) => {
  expect(prompt(text)).toEqual([{ at: `${at} reference`, hint: expect.stringContaining(hint) }]);
});

it.each(['$test.output', '$test.exit_code.', 'Cost: $test.', '$other.green', '$test'])('passes: %s', (text) => {
  expect(prompt(text)).toEqual([]);
});
