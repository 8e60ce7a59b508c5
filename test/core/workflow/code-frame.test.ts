import { expect, it } from 'vitest';
import { codeFrame, formatFault } from '../../../src/core/workflow/code-frame.ts';

const text = Array.from({ length: 12 }, (_, index) => `line${index + 1}: x`).join('\r\n');

it('shows the line with its neighbours and a caret', () => {
  expect(codeFrame(text, 10, 9)).toBe(
    ['   9 | line9: x', '> 10 | line10: x', '     |         ^', '  11 | line11: x'].join('\n'),
  );
});

it('shows the first and the last line with the neighbour that there is', () => {
  expect(codeFrame(text, 1, 1)).toBe(['> 1 | line1: x', '    | ^', '  2 | line2: x'].join('\n'));
  expect(codeFrame(text, 12, 1)).toBe(['  11 | line11: x', '> 12 | line12: x', '     | ^'].join('\n'));
});

it('cuts a long line around the column', () => {
  const lines = codeFrame(`${'a'.repeat(5000)}B${'c'.repeat(5000)}`, 1, 5001).split('\n');
  expect(lines[0]?.length).toBeLessThan(140);
  expect(lines[0]?.[lines[1]?.indexOf('^') ?? -1]).toBe('B');
});

it('writes a fault with place, reason, frame and hint', () => {
  const fault = { file: 'x.yml', line: 1, column: 7, code: 'c', message: 'Wrong.', hint: 'Do this.' };
  expect(formatFault(fault, 'name: A')).toBe('x.yml:1:7: Wrong. (c)\n> 1 | name: A\n    |       ^\nDo this.');
});
