import { expect, it } from 'vitest';
import { faultsOf, workflowOf } from './faults-of.ts';

const loop = (until: string) => faultsOf(workflowOf(`loop: { prompt: x, max_iterations: 2, until: ${until} }`));

it.each(['"ALL\\nDONE"', '" "', '"a\\rb"'])('a word that the last line never is, is refused: %s', (until) => {
  expect(loop(until)).toEqual([{ at: '4:50 until', hint: expect.stringContaining('until_bash') }]);
});

it.each(['DONE', 'ALL TESTS PASS', '"DONE\\n"'])('a word of one line passes: %s', (until) => {
  expect(loop(until)).toEqual([]);
});

it('holds in groups too', () => {
  const group = 'loop_group:\n  until: "A\\nB"\n  max_iterations: 2\n  nodes: [{ id: inner, bash: x }]';
  expect(faultsOf(workflowOf(group))).toMatchObject([{ at: '5:14 until' }]);
});

it('nothing but space is refused in groups too', () => {
  const group = 'loop_group:\n  until: "  "\n  max_iterations: 2\n  nodes: [{ id: inner, bash: x }]';
  expect(faultsOf(workflowOf(group))).toMatchObject([{ at: '5:14 until' }]);
});
