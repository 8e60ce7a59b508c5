import { quoteToken } from './quote-token.ts';
import { Unreadable } from './unreadable.ts';

export interface Token {
  /** Without its quotes. */
  text: string;
  /** It began with a quote, so it is never a flag. */
  literal: boolean;
}

const DOUBLE = '"“”„‟';
const SINGLE = "'‘’‚‛";
/** What phones and editors make of `--`: one long dash, or two hyphens of another kind. */
const LONG_DASH = /^(?:[‒–—―−]-?|[-‐‑]{2})/;

/**
 * The words of a command line. Unicode spaces become plain ones and a long dash at the start of a word becomes `--`.
 * A quote opens at the start of a word or after its first `=`, and nowhere else, so that `it's` stays what it is; a
 * curly quote is closed by any quote of its kind, a straight one by itself. Throws Unreadable.
 */
export function tokenize(line: string): Token[] {
  const text = line.replace(/\r/g, ' ').replace(/[\p{Zs}\p{Zl}\p{Zp}\ufeff]/gu, ' ');
  const tokens: Token[] = [];
  let at = 0;
  while (true) {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
    if (at >= text.length) return tokens;
    const literal = closersOf(text.charAt(at)) !== undefined;
    let word = '';
    let assigned = literal;
    let quotable = true;
    while (at < text.length && !/\s/.test(text.charAt(at))) {
      const character = text.charAt(at);
      const closers = quotable ? closersOf(character) : undefined;
      if (closers !== undefined) {
        const end = endOfQuote(text, at, closers);
        word += text.slice(at + 1, end);
        at = end + 1;
        break;
      }
      quotable = character === '=' && !assigned;
      assigned ||= quotable;
      word += character;
      at++;
    }
    tokens.push({ text: literal ? word : word.replace(LONG_DASH, '--'), literal });
  }
}

function closersOf(character: string): string | undefined {
  if (character === '"' || character === "'") return character;
  if (character !== '' && DOUBLE.includes(character)) return DOUBLE;
  if (character !== '' && SINGLE.includes(character)) return SINGLE;
  return undefined;
}

function endOfQuote(text: string, start: number, closers: string): number {
  let end = start + 1;
  while (end < text.length && !closers.includes(text.charAt(end))) end++;
  if (end >= text.length) {
    throw new Unreadable(
      `A quote is opened but never closed: ${quoteToken(text.slice(start))}.`,
      'Close it in the same line, or leave it out.',
    );
  }
  const next = text.charAt(end + 1);
  if (next !== '' && !/\s/.test(next)) {
    throw new Unreadable(
      `Something follows the closing quote: ${quoteToken(text.slice(start, end + 12))}.`,
      `Put the whole value into quotes; if it contains a ", use ' around it.`,
    );
  }
  return end;
}
