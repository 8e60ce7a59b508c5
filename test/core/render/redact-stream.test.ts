import { describe, expect, it } from 'vitest';
import { createRedactStream, streamForms } from '../../../src/core/render/redact-stream.ts';

const VALUE = 'p@ss w0rd of the operator';

/** All that is shown of `pieces`, and how much of it before the end. */
function shown(pieces: readonly string[], values: readonly string[] = [VALUE]): string {
  const stream = createRedactStream(streamForms(values));
  return pieces.map((piece) => stream.add(piece)).join('') + stream.rest();
}

const cutAt = (text: string, length: number): string[] => text.match(new RegExp(`[\\s\\S]{1,${length}}`, 'g')) ?? [];

const token = `ghs_123456_${'eyJhbGciOi.'.repeat(60)}`;
const key = `-----BEGIN RSA ${'PRIVATE'} KEY-----\nProc-Type: 4,ENCRYPTED\n\n${`${'aB3/'.repeat(16)}\n`.repeat(12)}aB==\n-----END RSA ${'PRIVATE'} KEY-----`;

describe.each([1, 7, 64, 100_000])('text in pieces of %i', (length) => {
  it.each([
    ['a token', `before ${token}\nafter`, 'before ***\nafter'],
    ['a token at the end', `before ${token}`, 'before ***'],
    ['a value', `x ${VALUE} y\nz`, 'x *** y\nz'],
    ['a value in base64', `x ${Buffer.from(VALUE).toString('base64')} y`, 'x *** y'],
    ['a value in JSON', `{"a":${JSON.stringify('two\nlines "and quotes"')}}`, '{"a":"***"}', 'two\nlines "and quotes"'],
    ['a private key', `before\n${key}\nafter\n`, 'before\n***\n\nafter\n'],
    [
      'a private key behind times',
      `${key.replace(/Proc.*\n\n/, '').replaceAll(/^/gm, '12:00 ')}\nafter.\n`,
      '12:00 ***\n\nafter.\n',
    ],
    ['a private key that never ends', `${key.slice(0, -33)}\nand so on.\n`, '***\nand so on.\n'],
    ['text without secrets', 'one\r\ntwo \u0000\u00ff\n\nthree', 'one\r\ntwo \u0000\u00ff\n\nthree'],
  ])('hides %s', (_, text, expected, value = VALUE) => {
    expect(shown(cutAt(text, length), [value])).toBe(expected);
  });

  it('hides the beginning of a value that was cut off', () => {
    expect(shown(cutAt(`x ${VALUE.slice(0, 12)}`, length))).toBe('x ***');
  });

  it('hides every longer line of a value that has several', () => {
    const value = 'first line of it\nsecond line of it\nend';
    expect(shown(cutAt('first line of it\n> second line of it\n', length), [value])).toBe('***\n> ***\n');
  });
});

describe('a line that never ends', () => {
  const MEBIBYTE = 1024 * 1024;

  it.each([
    ['of words', 'words and words '],
    ['of one run', 'aB3dE5gH7j'],
    ['of zeros', '\0'],
  ])('%s is shown as it comes, and the token in it is hidden wherever it is cut', (_, part) => {
    const stream = createRedactStream(streamForms([VALUE]));
    const around = part.repeat((2 * MEBIBYTE) / part.length);
    const pieces = cutAt(`${around} ${token} ${VALUE} ${around}`, 60_000);
    const said = pieces.map((piece) => stream.add(piece));
    expect(said.slice(0, 4).join('').length).toBeGreaterThan(100_000);
    expect(said.join('') + stream.rest()).toBe(`${around} *** *** ${around}`);
  });

  it('that is a token is hidden to its end', () => {
    expect(shown(cutAt(`a ghs_${'x'.repeat(MEBIBYTE)} b ${'c '.repeat(100)}`, 50_000))).toBe(
      `a *** b ${'c '.repeat(100)}`,
    );
  });

  it.each([
    ['beginnings of tokens', `${'gho_'.repeat(16_383)}"`],
    ['words after a header', `bearer:${'x'.repeat(65_000)} a b`],
    ['words with a line in them', `${'aa_'.repeat(21_845)} `],
    ['beginnings of keys', `${'-----BEGIN '.repeat(5_957)}\r`],
    ['schemes', '://'.repeat(21_845)],
  ])('without an end, of %s, holds nobody up', (_, chunk) => {
    const before = process.cpuUsage();
    shown(Array.from({ length: 8 }, () => chunk));
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_000);
  });

  it('costs little', () => {
    const pieces = cutAt('0123456789abcdef '.repeat((20 * MEBIBYTE) / 17), 65_536);
    const before = process.cpuUsage();
    shown(pieces);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(4_000);
  });
});
