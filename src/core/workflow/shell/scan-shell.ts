import {
  arithmeticFrom,
  behindEscapedQuotes,
  bodyOf,
  isBlank,
  MAX_DEPTH,
  type Reader,
  readHeredoc,
  toBehind,
  toEndOfLine,
} from './reader.ts';
import { ASSIGNMENT, type ReadWord, settleUses } from './splitting.ts';
import type { Shell } from './types.ts';

/**
 * Reads a bash program as far as quoting goes: commands, their words, and the variables in them. It knows comments,
 * quotes, substitutions, here-documents, `[[ ]]` and arithmetic; it checks nothing and throws for no text.
 */
export function scanShell(text: string): Shell {
  const shell: Shell = { commands: [], uses: [], arithmetic: [] };
  const reader = { text, at: 0, shell, heredocs: [], pending: [], depth: 0, inBackticks: false };
  while (reader.at < text.length) readCommands(reader, null);
  return shell;
}

/** Words that stand in front of a command. */
const KEYWORDS: ReadonlySet<string> = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'time']);

/** Up to behind `end`, or to the end of the text. */
function readCommands(reader: Reader, end: ')' | '`' | null): void {
  const { text, shell } = reader;
  let words: ReadWord[] = [];
  let cases = 0;
  const close = () => {
    if (words.length > 0) shell.commands.push({ words });
    for (const use of settleUses(words)) shell.uses.push(use);
    words = [];
  };
  while (reader.at < text.length) {
    const character = text[reader.at] ?? '';
    const inTest = words[0]?.text === '[[' && words.at(-1)?.text !== ']]';
    if (character === end && !(end === ')' && (cases > 0 || inTest))) {
      reader.at += 1;
      break;
    }
    if (character === '\n') {
      reader.at += 1;
      if (!inTest) close();
      readBodies(reader);
    } else if (isBlank(character) || character === '\r') reader.at += 1;
    else if (character === '#') toEndOfLine(reader);
    else if (inTest && '&|()<>'.includes(character)) reader.at += 1;
    else if (character === '(') {
      const arithmetic = text[reader.at + 1] === '(' ? arithmeticFrom(text, reader.at + 2) : null;
      if (arithmetic) {
        shell.arithmetic.push(arithmetic);
        reader.at = arithmetic.offset + arithmetic.length + 2;
      } else {
        close();
        nested(reader, 1, ')');
      }
    } else if (';&|)'.includes(character)) {
      reader.at += 1;
      close();
    } else if (character === '<' || character === '>') {
      const here = readRedirection(reader);
      if (here) words.push(here);
    } else {
      const word = readWord(reader);
      words.push(word);
      if (words.length > 1) continue;
      if (word.text === 'case') cases += 1;
      if (word.text === 'esac') cases -= 1;
      if (KEYWORDS.has(word.text)) words = [];
    }
  }
  close();
}

function nested(reader: Reader, opening: number, end: ')' | '`'): void {
  reader.at += opening;
  if (reader.depth >= MAX_DEPTH) {
    reader.at = reader.text.length;
    return;
  }
  const { pending, inBackticks } = reader;
  Object.assign(reader, { pending: [], depth: reader.depth + 1, inBackticks: end === '`' });
  readCommands(reader, end);
  Object.assign(reader, { pending, depth: reader.depth - 1, inBackticks });
}

/** The word of a here-string; everything else behind a redirection is read as a word of the command. */
function readRedirection(reader: Reader): ReadWord | null {
  const { text } = reader;
  if (text.startsWith('<<<', reader.at)) {
    reader.at += 3;
    while (isBlank(text[reader.at])) reader.at += 1;
    return { ...readWord(reader), isHereString: true };
  }
  if (text.startsWith('<<', reader.at)) {
    reader.at += 2;
    reader.heredocs.push(readHeredoc(reader));
  } else if (text[reader.at + 1] === '(') nested(reader, 2, ')');
  else reader.at += /[<>&|]/.test(text[reader.at + 1] ?? '') ? 2 : 1;
  return null;
}

/** The bodies of here-documents, in which variables are expanded unless the delimiter is quoted. */
function readBodies(reader: Reader): void {
  for (const heredoc of reader.heredocs.splice(0)) {
    const { end, next } = bodyOf(heredoc, reader.text, reader.at);
    if (!heredoc.quoted) readInDocument({ ...reader, text: reader.text.slice(0, end), pending: [] });
    reader.at = next;
  }
}

function readInDocument(reader: Reader): void {
  while (reader.at < reader.text.length) readQuotedPart(reader);
  for (const { quoted, ...use } of reader.pending) reader.shell.uses.push({ ...use, splits: false });
}

function readWord(reader: Reader): ReadWord {
  const { text } = reader;
  const offset = reader.at;
  reader.pending = [];
  while (reader.at < text.length) {
    const character = text[reader.at] ?? '';
    if (' \t\r\n;&|<>)'.includes(character) || (character === '`' && reader.inBackticks)) break;
    if (character === '(') {
      const before = text[reader.at - 1] ?? '';
      if (before === '=' && ASSIGNMENT.test(text.slice(offset, reader.at))) nested(reader, 1, ')');
      else if (reader.at > offset && '@?*+!'.includes(before)) toBehind(reader, ')');
      else break;
    } else readPart(reader);
  }
  // What is no word anywhere else is one of its own here, so that reading goes on.
  if (reader.at === offset) reader.at += 1;
  const length = Math.min(reader.at, text.length) - offset;
  const uses = reader.pending;
  reader.pending = [];
  return { offset, length, text: text.slice(offset, offset + length), uses, isHereString: false };
}

/** One character, or what quotes or a `$` make one thing. */
function readPart(reader: Reader): void {
  switch (reader.text[reader.at]) {
    case '\\':
      reader.at += 2;
      return;
    case "'":
      reader.at += 1;
      toBehind(reader, "'");
      return;
    case '"':
      readDoubleQuotes(reader);
      return;
    case '$':
      readDollar(reader, false);
      return;
    case '`':
      nested(reader, 1, '`');
      return;
    default:
      reader.at += 1;
  }
}

function readDoubleQuotes(reader: Reader): void {
  reader.at += 1;
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at];
    if (character === '`' && reader.inBackticks) return;
    if (character === '"') break;
    readQuotedPart(reader);
  }
  reader.at += 1;
}

function readQuotedPart(reader: Reader): void {
  const character = reader.text[reader.at];
  if (character === '$') readDollar(reader, true);
  else if (character === '`') nested(reader, 1, '`');
  else reader.at += character === '\\' ? 2 : 1;
}

function readDollar(reader: Reader, quoted: boolean): void {
  const { text, at: offset } = reader;
  const next = text[offset + 1];
  if (next === '(') {
    const arithmetic = text[offset + 2] === '(' ? arithmeticFrom(text, offset + 3) : null;
    if (arithmetic === null) {
      nested(reader, 2, ')');
      return;
    }
    reader.shell.arithmetic.push(arithmetic);
    reader.at = arithmetic.offset + arithmetic.length + 2;
  } else if (next === '[') {
    reader.at += 2;
    toBehind(reader, ']');
    reader.shell.arithmetic.push({ offset: offset + 2, length: Math.max(0, reader.at - offset - 3) });
  } else if (next === "'" && !quoted) {
    reader.at += 2;
    behindEscapedQuotes(reader);
  } else if (next === '{') readBraces(reader, quoted);
  else {
    const name = nameAt(text, offset + 1);
    reader.at += Math.max(name.length + 1, next === '$' ? 2 : 1);
    if (name !== '') addUse(reader, { name, offset, quoted, hasDefault: false });
  }
}

/** `${NAME...}` with whatever stands in it. */
function readBraces(reader: Reader, quoted: boolean): void {
  const { text, at: offset } = reader;
  if (reader.depth >= MAX_DEPTH) {
    reader.at = text.length;
    return;
  }
  const isLength = text[offset + 2] === '#';
  const name = nameAt(text, offset + (isLength ? 3 : 2));
  reader.at += 2 + (isLength ? 1 : 0) + name.length;
  const hasDefault = /^:?[-=+?]/.test(text.slice(reader.at, reader.at + 2));
  const around = reader.pending;
  Object.assign(reader, { pending: [], depth: reader.depth + 1 });
  while (reader.at < text.length && text[reader.at] !== '}') {
    if (reader.inBackticks && text[reader.at] === '`') break;
    // In double quotes a single quote is a character as any other.
    if (quoted && text[reader.at] === "'") reader.at += 1;
    else if (text[reader.at] === '$') readDollar(reader, quoted);
    else readPart(reader);
  }
  reader.at += 1;
  const within = reader.pending;
  Object.assign(reader, { pending: around, depth: reader.depth - 1 });
  if (name !== '') addUse(reader, { name, offset, quoted: quoted || isLength, hasDefault });
  for (const use of within) around.push(use);
}

function addUse(reader: Reader, use: { name: string; offset: number; quoted: boolean; hasDefault: boolean }): void {
  const end = Math.min(reader.at, reader.text.length);
  reader.pending.push({ ...use, length: end - use.offset, raw: reader.text.slice(use.offset, end) });
}

function nameAt(text: string, at: number): string {
  const name = /[A-Za-z_]\w*/y;
  name.lastIndex = at;
  return name.exec(text)?.[0] ?? '';
}
