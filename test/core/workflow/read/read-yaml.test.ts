import { describe, expect, it } from 'vitest';
import { readYaml } from '../../../../src/core/workflow/read/read-yaml.ts';

function faultsOf(text: string): string[] {
  const read = readYaml(text, 'x.yml');
  return read.ok ? [] : read.faults.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

describe('reading YAML', () => {
  it.each([
    ['a syntax error', 'a: 1\nb: [1, 2\nc: 3', '3:1 yaml'],
    ['a tab as indentation', 'a:\n\tb: 1', '2:1 yaml'],
    ['a duplicate key', 'a: 1\nb: 2\na: 3', '3:1 duplicate_key'],
    ['a second document', 'a: 1\n---\nb: 2', '2:1 multiple_documents'],
    ['an unknown alias', 'a: *b', '1:4 unknown_alias'],
    ['an alias inside of itself', 'a: &x [1, *x]', '1:11 unknown_alias'],
    ['a tag', 'a: !!binary aGk=', '1:4 yaml'],
    ['another version of YAML', '%YAML 1.1\n---\na: yes', '1:1 yaml'],
    ['a key that would change the prototype', 'a: 1\n__proto__: { b: 1 }', '2:1 unknown_key'],
    ['a control character', 'a: 1\nb: x\u0007y', '2:5 control_character'],
    ['a NUL by an escape', 'a: "x\\0y"', '1:4 control_character'],
    ['21 nested lists', `a: ${'['.repeat(21)}`, '1:24 too_deep'],
    ['21 nested maps', Array.from({ length: 22 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), '21:21 too_deep'],
  ])('refuses %s, with its place', (_, text, expected) => {
    expect(faultsOf(text)).toContain(expected);
  });

  it('reports several syntax errors at once', () => {
    expect(faultsOf('a: "\\q"\nb: "\\z"')).toEqual(['1:5 yaml', '2:5 yaml']);
  });

  it('takes anchors and aliases in moderation', () => {
    const read = readYaml('a: &x { b: 1 }\nc: *x', 'x.yml');
    expect(read).toMatchObject({ ok: true, file: { data: { a: { b: 1 }, c: { b: 1 } } } });
  });

  it('says at which alias the file repeats too much', () => {
    const text = (aliases: number) =>
      `a: &x ${'y'.repeat(100_000)}\n${Array.from({ length: aliases }, (_, i) => `b${i}: *x`).join('\n')}`;
    expect(faultsOf(text(10))).toEqual([]);
    expect(faultsOf(text(98))).toEqual(['12:6 too_large']);
  });

  it('counts what aliases of aliases repeat', () => {
    const text = `a: &x ${'y'.repeat(10_000)}\nb: &y [*x, *x, *x, *x, *x, *x, *x, *x, *x, *x]\nc: &z [*y, *y, *y, *y, *y, *y, *y, *y, *y, *y]`;
    expect(faultsOf(text)).toEqual(['3:44 too_large']);
  });

  it('counts CRLF as one line end', () => {
    expect(faultsOf('a: 1\r\nb: 2\r\na: 3')).toEqual(['3:1 duplicate_key']);
  });

  it.each([
    ['more than a mebibyte', `a: ${'x'.repeat(1024 * 1024)}`],
    ['a million brackets', '['.repeat(1_000_000)],
    ['half a million dashes', '- '.repeat(500_000)],
    ['half a million escapes', `"${'\\x'.repeat(500_000)}"`],
    ['a million quotes', '"'.repeat(1_000_000)],
    ['100,000 keys', Array.from({ length: 100_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['40,000 dashes in one line', '- '.repeat(40_000)],
    [
      'a bomb of aliases',
      `a: &a [x,x,x]\n${[...'bcdefgh'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`).join('\n')}`,
    ],
  ])('answers within two seconds to %s', (_, text) => {
    const before = performance.now();
    expect(readYaml(text, 'x.yml').ok).toBe(false);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});
