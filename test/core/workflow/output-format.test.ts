import { describe, expect, it } from 'vitest';
import { compileOutputFormat } from '../../../src/core/workflow/output-format.ts';
import { parseAnswer } from '../../../src/core/workflow/parse-answer.ts';

function check(format: Record<string, unknown>, value: unknown): string[] {
  const compiled = compileOutputFormat(format);
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.check(value);
}

describe('an output format', () => {
  it('tells every place that does not fit', () => {
    const properties = { done: { type: 'boolean' }, kind: { enum: ['npm', 'pip'] } };
    const format = { type: 'object', properties, required: ['done'] };
    expect(check(format, { done: true, kind: 'npm' })).toEqual([]);
    expect(check(format, { kind: 'cargo' })).toEqual([
      "The answer must have required property 'done'.",
      '/kind must be equal to one of the allowed values: ["npm","pip"].',
    ]);
  });

  it.each([
    ['a type that is none', { type: 'objekt' }],
    ['an unknown keyword', { tpye: 'object' }],
    ['a reference that leads nowhere', { $ref: '#/definitions/gone' }],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['a pattern that only JavaScript knows', { type: 'string', pattern: '(?=x)' }],
    ['a size that nobody reads', { type: 'string', enum: ['x'.repeat(70_000)] }],
  ])('with %s cannot be used', (_, format) => {
    expect(compileOutputFormat(format)).toMatchObject({ ok: false });
  });

  it('matches patterns in linear time', () => {
    const before = performance.now();
    expect(check({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('that refers to itself without end is a fault, not a crash', () => {
    expect(check({ $ref: '#' }, {})).toEqual(['The schema refers to itself without end.']);
  });
});

describe('the JSON of an answer', () => {
  it.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    [' true\n', true],
    ['I did it.\n```json\n{"a":1}\n```\nBye', { a: 1 }],
    ['```json\n{"a":1}\n```\nthen\n```\n{"a":2}\n```', { a: 2 }],
    ['{"a":1} done', undefined],
    ['```json\n{"a":\n```', undefined],
    ['', undefined],
  ])('of %j', (text, expected) => {
    expect(parseAnswer(text)).toEqual(expected);
  });
});
