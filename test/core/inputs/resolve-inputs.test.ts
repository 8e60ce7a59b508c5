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

  it('know no inherited names', () => {
    expect(resolveInputs({}, { constructor: 'x' })).toMatchObject({ ok: false, faults: [{ input: 'constructor' }] });
    expect(resolveInputs({ constructor: input({ required: true }) }, {})).toMatchObject({ ok: false });
  });
});
