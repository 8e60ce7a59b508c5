import type { Shell, ShellRange, ShellUse } from './types.ts';

/** A text that is read from left to right, and what was found in it so far. */
export interface Reader {
  text: string;
  at: number;
  shell: Shell;
  /** Here-documents whose bodies begin on the next line. */
  heredocs: Heredoc[];
  /** Variables of the word that is read; whether they split is known when its command ends. */
  pending: PendingUse[];
  /** Substitutions around this place. */
  depth: number;
  /** In backticks, where the next one ends. */
  inBackticks: boolean;
}

export type PendingUse = Omit<ShellUse, 'splits'> & { quoted: boolean };

export interface Heredoc {
  delimiter: string;
  /** Nothing in the body is expanded. */
  quoted: boolean;
  /** `<<-`: tabs in front of a line do not count. */
  indented: boolean;
}

/** No program that a person wrote nests deeper, and the stack has an end. */
export const MAX_DEPTH = 50;
/** No arithmetic that a person wrote is longer, and unended ones would be looked through again and again. */
const MAX_ARITHMETIC = 2000;

export const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

export function toEndOfLine(reader: Reader): void {
  const end = reader.text.indexOf('\n', reader.at);
  reader.at = end === -1 ? reader.text.length : end;
}

/** From an opening to behind the next `quote`; without one, to the end. */
export function toBehind(reader: Reader, quote: string): void {
  const end = reader.text.indexOf(quote, reader.at);
  reader.at = end === -1 ? reader.text.length : end + quote.length;
}

/** `$'...'`, in which a backslash takes the next character along. */
export function behindEscapedQuotes(reader: Reader): void {
  while (reader.at < reader.text.length && reader.text[reader.at] !== "'") {
    reader.at += reader.text[reader.at] === '\\' ? 2 : 1;
  }
  reader.at += 1;
}

/** Of `((`: what stands between it and its `))`; null: it is no arithmetic. `from` is behind the opening. */
export function arithmeticFrom(text: string, from: number): ShellRange | null {
  let open = 0;
  for (let at = from; at < Math.min(text.length, from + MAX_ARITHMETIC); at += 1) {
    if (text[at] === '(') open += 1;
    if (text[at] !== ')') continue;
    if (open === 0) return text[at + 1] === ')' ? { offset: from, length: at - from } : null;
    open -= 1;
  }
  return null;
}

/** Behind `<<`: the word that ends the body. */
export function readHeredoc(reader: Reader): Heredoc {
  const indented = reader.text[reader.at] === '-';
  if (indented) reader.at += 1;
  while (isBlank(reader.text[reader.at])) reader.at += 1;
  const word = /(?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s;&|<>()'"\\]){0,200}/y;
  word.lastIndex = reader.at;
  const written = word.exec(reader.text)?.[0] ?? '';
  reader.at += written.length;
  return { delimiter: written.replace(/['"\\]/g, ''), quoted: /['"\\]/.test(written), indented };
}

/** Where the body ends that begins here, and where what follows its last line begins. */
export function bodyOf({ delimiter, indented }: Heredoc, text: string, from: number): { end: number; next: number } {
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(at, end);
    if ((indented ? line.replace(/^\t+/, '') : line) === delimiter)
      return { end: at, next: Math.min(text.length, end + 1) };
    at = end + 1;
  }
  return { end: text.length, next: text.length };
}
