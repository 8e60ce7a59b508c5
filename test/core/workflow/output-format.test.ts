import { describe, expect, it } from 'vitest';
import { compileOutputFormat } from '../../../src/core/workflow/output-format.ts';
import { parseAnswer } from '../../../src/core/workflow/parse-answer.ts';

function check(format: Record<string, unknown>, value: unknown): string[] {
  const compiled = compileOutputFormat(format);
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.check(value);
}

/** Each definition refers to the next one twice. */
function chain(length: number): Record<string, unknown> {
  const twice = (at: number) => ({ allOf: [{ $ref: `#/definitions/d${at}` }, { $ref: `#/definitions/d${at}` }] });
  const links = Array.from({ length }, (_, at): [string, unknown] => [`d${at}`, twice(at + 1)]);
  return { ...twice(0), definitions: { ...Object.fromEntries(links), [`d${length}`]: { type: 'object' } } };
}

/** Milliseconds of computing. */
function cpuTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
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
    ['a promise in place of an answer', { $async: true }],
    ['a promise further down', { properties: { a: { items: [{ $async: true }] } } }],
    ['another base for its references', { properties: { a: { $id: 'https://example.com/a', type: 'string' } } }],
    ['a comparison of items without a bound', { type: 'array', uniqueItems: true }],
    ['a comparison of too many items', { items: { type: 'array', uniqueItems: true, maxItems: 1_001 } }],
    ['references that multiply', chain(30)],
    ['more values than an answer is compared with', { enum: Array.from({ length: 1_001 }, (_, at) => at) }],
    ['a size that nobody reads', { type: 'string', enum: ['x'.repeat(70_000)] }],
  ])('with %s cannot be used', (_, format) => {
    expect(compileOutputFormat(format)).toMatchObject({ ok: false });
  });

  it('matches patterns in linear time', () => {
    const took = cpuTimeOf(() => {
      expect(check({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
    });
    expect(took).toBeLessThan(1_000);
  });

  it('compares no more items than its `maxItems` allows', () => {
    const format = { type: 'array', uniqueItems: true, maxItems: 1_000 };
    expect(check(format, [{ a: 1 }, { a: 1 }])).toEqual([
      'The answer must NOT have duplicate items (items ## 0 and 1 are identical).',
    ]);
    const long = Array.from({ length: 100_000 }, (_, at) => ({ at }));
    const took = cpuTimeOf(() =>
      expect(check(format, long)).toEqual(['The answer must NOT have more than 1000 items.']),
    );
    expect(took).toBeLessThan(2_000);
  });

  it('can refer to itself, and an answer that makes it double its work at every level is a fault', () => {
    const tree = { type: 'object', properties: { left: { $ref: '#' }, right: { $ref: '#' } } };
    expect(check(tree, { left: { right: {} }, right: {} })).toEqual([]);
    expect(check(tree, { left: { right: 1 } })).toEqual(['/left/right must be object.']);
    const doubling = { properties: { a: { allOf: [{ $ref: '#' }, { $ref: '#' }] } } };
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`);
    const took = cpuTimeOf(() => expect(check(doubling, deep)).toEqual([expect.stringContaining('references')]));
    expect(took).toBeLessThan(2_000);
  });

  it('tells the first fault alone of an answer that would have millions', () => {
    const format = { items: { allOf: Array.from({ length: 90 }, () => ({ type: 'string' })) } };
    const took = cpuTimeOf(() => expect(check(format, Array(400_000).fill(1))).toEqual(['/0 must be string.']));
    expect(took).toBeLessThan(2_000);
  });

  it('with many branches is not held against an answer with many items', () => {
    const format = { items: { anyOf: Array.from({ length: 900 }, (_, at) => ({ const: at })) } };
    const took = cpuTimeOf(() => {
      expect(check(format, Array(250_000).fill(899))).toEqual([expect.stringContaining('too long')]);
    });
    expect(took).toBeLessThan(2_000);
    expect(check(format, Array(100).fill(899))).toEqual([]);
  });

  it('tells a long place and a long list of values shortened', () => {
    const [place = ''] = check({ additionalProperties: { type: 'string' } }, { ['k'.repeat(100_000)]: 1 });
    expect(place.length).toBeLessThan(300);
    expect(place).toContain('must be string');
    const [values = ''] = check({ enum: ['v'.repeat(60_000)] }, 'x');
    expect(values.length).toBeLessThan(700);
  });

  it('that refers to itself without end is a fault, not a crash', () => {
    expect(check({ $ref: '#' }, {})).toEqual(['The schema refers to itself without end.']);
    const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(check({ items: { type: 'object' } }, [deep])).toHaveLength(1);
  });
});

describe('the JSON of an answer', () => {
  it.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    [' true\n', true],
    ['I did it.\n```json\n{"a":1}\n```\nBye', { a: 1 }],
    ['```json\n{"a":1}\n```\nthen\n```\n{"a":2}\n```', { a: 2 }],
    ['```json\n{"a":1}\n```\nCheck it with\n```bash\nmake\n```', { a: 1 }],
    ['```json\n{"a":1}\n```\nwhich prints\n```\nall fine\n```', { a: 1 }],
    ['~~~json\n{"a":"```"}\n~~~', { a: '```' }],
    ['````\n```json\n{"a":1}\n```\n````', undefined],
    [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, undefined],
    ['{"a":1} done', undefined],
    ['```json\n{"a":\n```', undefined],
    ['', undefined],
  ])('of %j', (text, expected) => {
    expect(parseAnswer(text)).toEqual(expected);
  });
});
