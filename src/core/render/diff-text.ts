/** A diff that strangers wrote, for people to read: bounded, without secrets, and with nothing hidden in it. */
import { withoutIndexLines } from '../patch.ts';
import { redact } from './redact.ts';
import { clip } from './safe-text.ts';

/** UTF-16 units; a page of the tracking issue holds it with what stands around it. */
export const DIFF_LIMIT = 32_000;
/** How much more than is shown gets cleaned; the rest of a huge diff would only cost time. */
const NEARBY = 4;

export function diffText(diff: { text: string; truncated: boolean }): { text: string; truncated: boolean } {
  const near = diff.text.slice(0, DIFF_LIMIT * NEARBY).toWellFormed();
  const clean = cleanHunks(withoutIndexLines(near).trimEnd().split('\n').map(visible)).join('\n');
  const text = cutAtLine(clean);
  return { text, truncated: diff.truncated || near.length < diff.text.length || text.length < clean.length };
}

function cutAtLine(text: string): string {
  if (text.length <= DIFF_LIMIT) return text;
  const end = text.lastIndexOf('\n', DIFF_LIMIT);
  return end > 0 ? text.slice(0, end) : clip(text, DIFF_LIMIT);
}

const CONTROL = /(?!\t)\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Noncharacter_Code_Point}/gu;
const PICTURES = 0x2400;
/** The block around the diff needs two longer ones. */
const LONGEST_FENCE = 40;
const LONG_FENCE = /`{41,}/g;

/** What a file hides from its reader is shown as a sign: controls, and marks that reorder the text that follows. */
function visible(line: string): string {
  return line
    .replace(LONG_FENCE, (fence) => `${fence.slice(0, LONGEST_FENCE)}…`)
    .replace(CONTROL, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x20
        ? String.fromCharCode(PICTURES + code)
        : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
    });
}

const HIDDEN = '***';
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]+-----/;
const KEY_END = /-----END [A-Z0-9 ]+-----/;
const KEY_LINE = /^[ +-][A-Za-z0-9+/=]{16,}␍?$/;

/**
 * Line by line, as each begins with a sign of its own and keys go over many of them. A key ends with its hunk at the
 * latest: what follows it in another one is no part of it.
 */
function cleanHunks(lines: readonly string[]): string[] {
  const clean: string[] = [];
  let hunk = 0;
  let key = false;
  for (const line of lines) {
    if (line.startsWith('@@ ') || line.startsWith('diff --git ')) {
      hunk = clean.length;
      key = false;
    }
    const ends = KEY_END.test(line);
    if (key || KEY_BEGIN.test(line)) {
      key = !ends;
      clean.push(hidden(line));
      continue;
    }
    if (ends) hideBack(clean, hunk);
    clean.push(ends ? hidden(line) : `${line.slice(0, 1)}${redact(line.slice(1))}`);
  }
  return clean;
}

/** The lines of a key whose beginning lies before the hunk. */
function hideBack(clean: string[], hunk: number): void {
  for (let at = clean.length - 1; at > hunk && KEY_LINE.test(clean[at] ?? ''); at -= 1) {
    clean[at] = hidden(clean[at] ?? '');
  }
}

const hidden = (line: string): string => `${/^[ +-]/.test(line) ? line.slice(0, 1) : ''}${HIDDEN}`;
