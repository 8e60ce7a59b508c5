import { describe, expect, test } from 'vitest';
import { redact } from '../../../src/core/render/redact.ts';
import {
  codeSpan,
  fencedTail,
  quietMarkdown,
  quietMessage,
  safeProseCell,
  safeText,
} from '../../../src/core/render/safe-text.ts';
import { cleanLines } from '../../../src/core/render/terminal-text.ts';

const MEBIBYTE = 1024 * 1024;
const filled = (part: string): string => part.repeat(Math.ceil(MEBIBYTE / part.length));

/** Each invites one of the patterns to begin at every place and to run to the end of the text from there. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['lines of base64', filled(`${'A'.repeat(20)}\n`)],
  ['lines of base64 around one end of a key', `${filled('-----END KEY-----\n')}${filled(`${'A'.repeat(20)}\n`)}`],
  ['beginnings of keys', filled('-----BEGIN A')],
  ['one long beginning of a key', `-----BEGIN ${filled('A')}`],
  ['schemes that never end', filled('a.')],
  ['schemes in schemes', filled('a://')],
  ['a user that never ends', `https://${filled('a')}`],
  ['beginnings of tokens', filled('eyJ-')],
  ['parts of tokens', filled('eyJ.')],
  ['links in links', filled('https://')],
  ['carriage returns', `${filled('\r')}x`],
  ['carriage returns before the end', `x${filled('\r')}`],
  ['spaces', `${filled(' ')}x`],
  ['empty lines', `${filled('\n')}x`],
  ['spaces after a header', `authorization:${filled(' ')}`],
  ['bearers', filled('bearer ')],
  ['a bearer without a digit', `bearer ${filled('a')}`],
  ['escapes', filled('\u001b[')],
  ['parameters of an escape', `\u001b[${filled('1;')}`],
  ['a title of a terminal', `\u001b]${filled(';a')}`],
  ['titles of a terminal that never end', filled('\u001b]')],
  ['mentions', filled('@a-')],
  ['backticks', filled('`a')],
  ['markup', filled('<!--')],
];

const READERS = {
  redact: (text: string) => redact(text),
  cleanLines,
  quietMarkdown,
  quietMessage,
  safeText: (text: string) => safeText(text, 600),
  safeProseCell: (text: string) => safeProseCell(text, 600),
  codeSpan: (text: string) => codeSpan(text, 600),
  fencedTail: (text: string) => fencedTail(text, 3_000),
};

describe.each(HOSTILE)('a mebibyte of %s', (_, text) => {
  test.each(Object.entries(READERS))('is read by %s within a second', (_name, read) => {
    const before = process.cpuUsage();
    read(text);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });
});
