import { expect, it } from 'vitest';
import { faultsOf, workflowOf } from './faults-of.ts';

const when = (condition: string) =>
  faultsOf(workflowOf(`bash: x\ndepends_on: [first]\nwhen: ${condition}`, '{ id: first, bash: x }'));

it.each([
  ["$first.status == 'failure'", '7:28', 'Did you mean `failed`?'],
  ["$first.status != 'Success'", '7:28', 'Did you mean `completed`?'],
  ["$first.exit_code == 0 && 'complete' == $first.status", '7:36', 'Did you mean `completed`?'],
  ['$first.status == true', '7:28', '$first.output.status'],
  ["$first.status == 'constructor'", '7:28', '$first.output.status'],
])('a comparison that no status ever fits is refused: %s', (condition, at, hint) => {
  expect(when(condition)).toEqual([{ at: `${at} node_status`, hint: expect.stringContaining(hint) }]);
});

it.each([
  "$first.status == 'failed' || $first.status == 'skipped'",
  "$first.output.status == 'failure'",
  "$first.output == 'success'",
  '$first.status == $first.output',
])('what can be true passes: %s', (condition) => {
  expect(when(condition)).toEqual([]);
});
