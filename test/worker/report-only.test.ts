import { expect, test } from 'vitest';
import type { WorkflowNode } from '../../src/core/workflow/types.ts';
import { completed, failed, NOTHING_RAN, SKIPPED } from '../../src/worker/node-result.ts';
import { reportOnly } from '../../src/worker/report-only.ts';
import { plan } from '../core/render/sample-fleet.ts';

const nodes = (...ids: string[]): WorkflowNode[] =>
  plan([]).workflow.nodes.flatMap((node, index) => {
    const id = ids[index];
    return id === undefined ? [] : [{ ...node, id, continueOnError: true }];
  });
const red = (output: string, tail = output) =>
  failed({ ...NOTHING_RAN, output, tail }, 'command', 'ended with status 1.');
const reason = (...reading: Parameters<typeof reportOnly>): string | null | undefined => reportOnly(...reading).reason;

test('a last node that failed and may gives its output, or else the end of what it printed', () => {
  const two = nodes('look', 'test');
  const look = completed('looked');
  expect(
    reason(
      two,
      new Map([
        ['look', look],
        ['test', red('3 tests failed\n')],
      ]),
    ),
  ).toBe('3 tests failed');
  expect(
    reason(
      two,
      new Map([
        ['look', look],
        ['test', red('', 'npm: no such script\n')],
      ]),
    ),
  ).toBe('npm: no such script');
});

test('a last node that failed without a word is told by its end', () => {
  expect(reason(nodes('test'), new Map([['test', red('')]]))).toBe('The last node ended with status 1.');
});

test('a last node that was skipped leaves the word to the one before', () => {
  expect(
    reason(
      nodes('look', 'test'),
      new Map([
        ['look', completed('looked')],
        ['test', SKIPPED],
      ]),
    ),
  ).toBe('looked');
});

test('a long report keeps its beginning, a long failure its end, and neither half a credential', () => {
  const long = `first ghp_${'a'.repeat(36)} ${'x'.repeat(9_000)} ghp_${'b'.repeat(4_000)} last`;
  const one = nodes('test');
  const report = reason(one, new Map([['test', completed(long)]])) ?? '';
  expect(report).toMatch(/^first \*\*\* x+ …$/);
  expect(report.length).toBeLessThan(4_010);
  const failure = reason(one, new Map([['test', red(long)]])) ?? '';
  expect(failure).toMatch(/^… x+ \*\*\* last$/);
});
