import { expect, it } from 'vitest';
import { renderCounts, renderTerminalFault } from '../../../src/core/render/terminal-faults.ts';

it('shows the fault, its lines and the remedy, and nothing that a terminal would obey', () => {
  const fault = {
    file: 'a\u001b[31m.yml',
    line: 2,
    column: 3,
    code: 'c',
    message: 'Wrong:\n\u0007x.',
    hint: 'Do \u202eit.',
  };
  expect(renderTerminalFault(fault, 'name: a\n\tb\u001b[2Jc\n')).toBe(
    'a.yml:2:3: Wrong: x. (c)\n  1 | name: a\n> 2 |  b [2Jc\n    |   ^\n  3 |\nDo it.',
  );
});

it.each([
  [{ files: 1, faults: 0, warnings: 0, unreadable: 0 }, '1 file: no faults.'],
  [{ files: 40, faults: 1, warnings: 2, unreadable: 0 }, '40 files: 1 fault, 2 warnings.'],
  [{ files: 1, faults: 0, warnings: 1, unreadable: 1 }, '1 file: no faults, 1 warning, 1 could not be read.'],
])('counts %j', (counts, line) => {
  expect(renderCounts(counts)).toBe(line);
});
