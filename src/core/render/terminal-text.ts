import { stripVTControlCharacters } from 'node:util';

/** Begins a command to a terminal: ECMA-48, OSC. */
const COMMAND = '\u001b]';
/** Most names and sentences are; a tracking issue has thousands of them. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * What a terminal would have left standing: no escape sequences, no control characters but newline and tab, of a line
 * that was overwritten by carriage returns the last state, no marks that reorder the text that follows, and none of the
 * code points that are no characters: git takes them in a message for broken UTF-8 and writes others in their place.
 */
export function cleanLines(text: string): string {
  if (PLAIN.test(text)) return text;
  return (
    text
      .toWellFormed()
      // One that never ends is looked for up to the end of the text.
      .split(COMMAND)
      .map((part, index) => stripVTControlCharacters(index === 0 ? part : `${COMMAND}${part}`))
      .join('')
      .split('\n')
      .map(lastState)
      .join('\n')
      .replace(/(?![\n\t])\p{Cc}/gu, '')
      .replace(/[\u202a-\u202e\u2066-\u2069]|\p{Noncharacter_Code_Point}/gu, '')
  );
}

/** By index: a regex for the carriage returns at the end would try again from each of a million. */
function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}
