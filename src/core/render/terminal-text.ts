import { stripVTControlCharacters } from 'node:util';

/**
 * What a terminal would have left standing: no escape sequences, no control characters but newline and tab, of a line
 * that was overwritten by carriage returns the last state, no marks that reorder the text that follows.
 */
export function cleanLines(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(/\r+\n/g, '\n')
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''))
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    .join('\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
}
