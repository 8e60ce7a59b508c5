import { describe, expect, it } from 'vitest';
import { resolveInputs } from '../../../src/core/inputs/resolve-inputs.ts';
import type { InputDefinition } from '../../../src/core/workflow/types.ts';

const input = (fields: Partial<InputDefinition> = {}): InputDefinition => ({
  required: false,
  default: null,
  description: '',
  pattern: null,
  enum: null,
  allowDash: false,
  ...fields,
});

describe('the inputs of a request', () => {
  it('get their defaults, in declared order; what is optional and absent stays absent', () => {
    const definitions = { a: input({ default: 'x' }), b: input({ required: true }), c: input() };
    const resolved = resolveInputs(definitions, { b: '2.0; touch owned' });
    expect(resolved).toEqual({ ok: true, values: { a: 'x', b: '2.0; touch owned' } });
    expect(Object.keys(resolved.ok ? resolved.values : {})).toEqual(['a', 'b']);
  });

  it('report every fault at once', () => {
    const definitions = {
      version: input({ required: true, description: 'Target version', pattern: '^\\d+$' }),
      flavour: input({ enum: ['a', 'b'] }),
    };
    const resolved = resolveInputs(definitions, { flavuor: 'a', flavour: 'c', version: 'x' });
    expect(resolved).toEqual({
      ok: false,
      faults: [
        { input: 'flavuor', message: 'There is no input `flavuor`.', hint: 'Did you mean `flavour`?' },
        {
          input: 'version',
          message: '`version`: "x" does not match the pattern `^\\d+$` (Target version).',
          hint: 'Give a value that matches `^\\d+$`.',
        },
        { input: 'flavour', message: '`flavour`: "c" is not one of the allowed values.', hint: 'Give one of: a, b.' },
      ],
    });
  });

  it.each([
    [
      'missing',
      input({ required: true, description: 'Target' }),
      undefined,
      'The required input `a` (Target) is missing.',
    ],
    ['empty though required', input({ required: true }), '', 'is missing'],
    ['with a line break', input(), 'a\nb', 'control character'],
    ['with NUL', input(), 'a\0', 'control character'],
    ['with broken Unicode', input(), '\ud800', 'broken Unicode'],
    ['over 8 KiB', input(), 'ä'.repeat(4097), '8194 bytes'],
    ['that looks like an option', input(), '--force', 'begins with `-`'],
  ])('refuse a value that is %s', (_, definition, value, message) => {
    const resolved = resolveInputs({ a: definition }, value === undefined ? {} : { a: value });
    expect(resolved).toMatchObject({ ok: false, faults: [{ input: 'a', message: expect.stringContaining(message) }] });
  });

  it.each([
    ['a pattern', input({ pattern: '^-' })],
    ['an enum', input({ enum: ['-x'] })],
    ['allow_dash', input({ allowDash: true })],
  ])('may begin with a dash when there is %s', (_, definition) => {
    expect(resolveInputs({ a: definition }, { a: '-x' })).toEqual({ ok: true, values: { a: '-x' } });
  });

  it('find a pattern anywhere in the value unless it is anchored', () => {
    expect(resolveInputs({ a: input({ pattern: '\\d\\.\\d' }) }, { a: 'v1.2-rc' }).ok).toBe(true);
    expect(resolveInputs({ a: input({ pattern: '^\\d\\.\\d$' }) }, { a: 'v1.2-rc' }).ok).toBe(false);
  });

  it('are matched in linear time', () => {
    const started = performance.now();
    for (const pattern of ['^(\\w+-?)+$', '^(a|a)*$', '^(?:a?){200}a{200}!$', '(.*)(.*)(.*)(.*)z']) {
      expect(resolveInputs({ a: input({ pattern }) }, { a: `${'a'.repeat(8_000)}?` }).ok).toBe(false);
    }
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('are refused by a pattern that does not compile', () => {
    expect(resolveInputs({ a: input({ pattern: '(?=a)' }) }, { a: 'a' }).ok).toBe(false);
  });

  it('that are unknown by the thousand are answered in no time', () => {
    const name = (i: number): string => `input_with_a_long_name_${i}`;
    const names = (from: number, count: number) => Array.from({ length: count }, (_, i) => name(from + i));
    const definitions = Object.fromEntries(names(0, 100).map((one) => [one, input()]));
    const started = performance.now();
    const resolved = resolveInputs(definitions, Object.fromEntries(names(1_000, 30_000).map((one) => [one, 'x'])));
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(resolved.ok ? [] : resolved.faults).toHaveLength(50);
  });

  it('know no inherited names', () => {
    expect(resolveInputs({}, { constructor: 'x' })).toMatchObject({ ok: false, faults: [{ input: 'constructor' }] });
    expect(resolveInputs({ constructor: input({ required: true }) }, {})).toMatchObject({ ok: false });
  });
});
