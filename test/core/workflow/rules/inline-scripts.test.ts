import { expect, it } from 'vitest';
import { faultsOf, workflowOf } from './faults-of.ts';

it.each([
  ['summarize', 'node', '{ file: summarize.mjs }'],
  ['summarize', 'python', '{ file: summarize.py }'],
  ['scripts/x.py', 'python', '{ file: scripts/x.py }'],
  ['./bump.mjs', 'node', '{ file: bump.mjs }'],
  ['scripts/summarize', 'node', '{ file: scripts/summarize.mjs }'],
])('a text that names a file is refused: %s', (script, runtime, hint) => {
  expect(faultsOf(workflowOf(`script: ${script}\nruntime: ${runtime}`))).toEqual([
    { at: '4:13 inline_script', hint: expect.stringContaining(hint) },
  ]);
});

it.each([
  ['print(1)', 'python'],
  ['console.log(1 / 2)', 'node'],
  ['a = 1', 'python'],
  ["import './x.mjs'", 'node'],
])('a program passes: %s', (script, runtime) => {
  expect(faultsOf(workflowOf(`script: ${JSON.stringify(script)}\nruntime: ${runtime}`))).toEqual([]);
});
