import { formatFault } from '../workflow/code-frame.ts';
import type { Fault } from '../workflow/types.ts';
import { plural } from './amounts.ts';
import { cleanLines } from './terminal-text.ts';

/** A fault with its lines of the file, for a terminal: what a file holds cannot write to it. */
export function renderTerminalFault(fault: Fault, fileText: string): string {
  const own = { ...fault, file: oneLine(fault.file), message: oneLine(fault.message), hint: oneLine(fault.hint) };
  return cleanLines(formatFault(own, fileText));
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** `3 files: 1 fault, 2 warnings.` */
export function renderCounts(counts: { files: number; faults: number; warnings: number; unreadable: number }): string {
  const parts = [
    counts.faults === 0 ? 'no faults' : plural(counts.faults, 'fault', 'faults'),
    ...(counts.warnings === 0 ? [] : [plural(counts.warnings, 'warning', 'warnings')]),
    ...(counts.unreadable === 0 ? [] : [`${counts.unreadable} could not be read`]),
  ];
  return `${plural(counts.files, 'file', 'files')}: ${parts.join(', ')}.`;
}
