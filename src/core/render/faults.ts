import type { Fault } from '../workflow/types.ts';
import { plural } from './amounts.ts';
import { redact } from './redact.ts';
import { clip, codeSpan, safeProse } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';

const SHOWN = 10;
const FRAME_WIDTH = 160;

/** Every fault with its place, what to do, and the lines of the file around it. Markdown, neutralized. */
export function renderFaults(faults: readonly Fault[], fileText: string): string {
  const lines = redact(cleanLines(fileText)).split('\n');
  const shown = faults.slice(0, SHOWN).map((fault) => renderFault(fault, lines));
  if (faults.length > SHOWN) shown.push(`… and ${plural(faults.length - SHOWN, 'more fault', 'more faults')}.`);
  return shown.join('\n\n');
}

function renderFault(fault: Fault, lines: readonly string[]): string {
  const place = codeSpan(`${fault.file}:${fault.line}:${fault.column}`, 300);
  const hint = fault.hint === '' ? '' : ` ${safeProse(fault.hint, 600)}`;
  const frame = codeFrame(fault, lines);
  return `**${place}** ${safeProse(fault.message, 600)}${hint}${frame === '' ? '' : `\n\n${frame}`}`;
}

function codeFrame({ line, column }: Fault, lines: readonly string[]): string {
  if (line < 1 || line > lines.length) return '';
  const first = Math.max(1, line - 1);
  const last = Math.min(lines.length, line + 1);
  const width = String(last).length;
  const rows: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const text = clip((lines[number - 1] ?? '').replaceAll('\t', ' '), FRAME_WIDTH);
    rows.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number === line && column <= FRAME_WIDTH)
      rows.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
  }
  const body = rows.join('\n');
  const runs = (body.match(/`+/g) ?? []).map((run) => run.length);
  const fence = '`'.repeat(Math.max(3, 1 + Math.max(0, ...runs)));
  return `${fence}text\n${body}\n${fence}`;
}
