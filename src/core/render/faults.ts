import { codeFrame } from '../workflow/code-frame.ts';
import type { Fault } from '../workflow/types.ts';
import { plural } from './amounts.ts';
import { redact } from './redact.ts';
import { codeSpan, fenced, safeProse } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';

const SHOWN = 10;

/** Every fault with its place, what to do, and the lines of the file around it. Markdown, neutralized. */
export function renderFaults(faults: readonly Fault[], fileText: string): string {
  const text = redact(cleanLines(fileText));
  const shown = faults.slice(0, SHOWN).map((fault) => renderFault(fault, text));
  if (faults.length > SHOWN) shown.push(`… and ${plural(faults.length - SHOWN, 'more fault', 'more faults')}.`);
  return shown.join('\n\n');
}

function renderFault(fault: Fault, text: string): string {
  const place = codeSpan(`${fault.file}:${fault.line}:${fault.column}`, 300);
  const hint = fault.hint === '' ? '' : ` ${safeProse(fault.hint, 600)}`;
  const frame = codeFrame(text, fault.line, fault.column);
  return `**${place}** ${safeProse(fault.message, 600)}${hint}${frame === '' ? '' : `\n\n${fenced(frame)}`}`;
}
