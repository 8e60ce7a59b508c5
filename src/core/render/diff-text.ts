/** A diff that strangers wrote, for people to read: bounded, without secrets, and with nothing hidden in it. */
import { withoutIndexLines } from '../patch.ts';
import { redact } from './redact.ts';
import { clip, withoutMarkers } from './safe-text.ts';

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

const HIDES = /(?!\t)\p{Cc}|\p{Cf}|[\u2028\u2029]|\p{Noncharacter_Code_Point}/gu;
const PICTURES = 0x2400;
/** The block around the diff needs two longer ones. */
const LONGEST_FENCE = 40;
const LONG_FENCE = /`{41,}/g;

/** What a file hides from its reader is shown as a sign: controls, and what has no width or reorders what follows. */
function visible(line: string): string {
  const shown = line
    .replace(LONG_FENCE, (fence) => `${fence.slice(0, LONGEST_FENCE)}…`)
    .replace(HIDES, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x20
        ? String.fromCharCode(PICTURES + code)
        : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
    });
  return withoutMarkers(shown);
}

const HIDDEN = '***';
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----\s*␍?$/;
const KEY_END = /-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----/;
/** Within a key; what does not look like it may be what somebody wants to hide from a reader. */
const KEY_LINE = /^[ +-]\s*[A-Za-z0-9+/=]+\s*␍?$/;
const KEY_HEADER = /^[ +-]\s*(?:[A-Za-z-]+: .*)?␍?$/;
/** Where only the end shows that they are of a key. */
const LONG_KEY_LINE = /^[ +-]\s*[A-Za-z0-9+/=]{16,}\s*␍?$/;

/** Line by line, as each begins with a sign of its own, and keys go over many of them; no key goes on behind its hunk. */
function cleanHunks(lines: readonly string[]): string[] {
  const clean: string[] = [];
  let hunk = 0;
  let key = false;
  for (const line of lines) {
    if (line.startsWith('@@ ') || line.startsWith('diff --git ')) hunk = clean.length;
    const inKey: boolean = key && KEY_LINE.test(line);
    key = KEY_BEGIN.test(line) || inKey || (key && KEY_HEADER.test(line));
    if (KEY_END.test(line)) hideBack(clean, hunk);
    clean.push(inKey ? hidden(line) : `${line.slice(0, 1)}${redact(line.slice(1))}`);
  }
  return clean;
}

/** The lines of a key whose beginning lies before the hunk. */
function hideBack(clean: string[], hunk: number): void {
  for (let at = clean.length - 1; at > hunk && LONG_KEY_LINE.test(clean[at] ?? ''); at -= 1) {
    clean[at] = hidden(clean[at] ?? '');
  }
}

const hidden = (line: string): string => `${line.slice(0, 1)}${HIDDEN}`;
