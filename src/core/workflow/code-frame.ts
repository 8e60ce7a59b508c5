import type { Fault } from './types.ts';

const MAX_WIDTH = 120;

/**
 * The line of a fault with its neighbours, numbered, and a caret under the column (both 1-based).
 * Long lines are cut around the column; control characters show as a space, so that a file cannot write to a terminal.
 * Empty where the text has no such line.
 */
export function codeFrame(text: string, line: number, column: number): string {
  const lines = text.split('\n');
  if (line < 1 || line > lines.length) return '';
  const first = Math.max(1, line - 1);
  const last = Math.min(lines.length, line + 1);
  const gutter = String(last).length;
  const skipped = Math.max(0, column - MAX_WIDTH / 2);
  const frame: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const source = (lines[number - 1] ?? '').slice(skipped, skipped + MAX_WIDTH).replace(/\p{Cc}/gu, ' ');
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(gutter)} | ${source}`.trimEnd());
    if (number === line) frame.push(`  ${' '.repeat(gutter)} | ${' '.repeat(Math.max(0, column - 1 - skipped))}^`);
  }
  return frame.join('\n');
}

/** `file:line:column`, what is wrong, where it stands, what to do. */
export function formatFault(fault: Fault, text: string): string {
  const place = `${fault.file}:${fault.line}:${fault.column}`;
  const parts = [`${place}: ${fault.message} (${fault.code})`, codeFrame(text, fault.line, fault.column), fault.hint];
  return parts.filter((part) => part !== '').join('\n');
}
