import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTag } from '../../../src/core/selection/match-tag.ts';
import { type TagTarget, writableTag } from '../../../src/core/selection/writable-tag.ts';

const TOPIC = { property: false };
const PROPERTY = { property: true };

/** Near what is accepted, and everything else. */
const tags = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^ ?(topic:|property:|Topic:)?[A-Za-z0-9:_$# -]{1,60}$/),
  fc.stringMatching(/^[a-zA-Z0-9_$#-]{1,75}:[ -~]{1,75}$/),
);

describe('a tag that is to be written', () => {
  it('is one that selection finds, whatever was accepted', () => {
    let accepted = 0;
    fc.assert(
      fc.property(tags, fc.boolean(), (tag, property) => {
        const writable = writableTag(tag, { property });
        if (!writable.ok) return;
        accepted += 1;
        expect(compileTag(tag)(written(writable.target)), JSON.stringify({ tag, writable })).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it.each([
    ['platform:my-app', TOPIC, { kind: 'topic', topic: 'platform-my-app' }],
    ['Team:Backend', TOPIC, { kind: 'topic', topic: 'team-backend' }],
    ['topic:lang:ts', TOPIC, { kind: 'topic', topic: 'lang-ts' }],
    ['deprecated', TOPIC, { kind: 'topic', topic: 'deprecated' }],
    ['tier:Gold', PROPERTY, { kind: 'property', name: 'tier', value: 'Gold', alone: false }],
    ['property:tier:gold', TOPIC, { kind: 'property', name: 'tier', value: 'gold', alone: false }],
    [
      'url:https://a.example/x',
      PROPERTY,
      { kind: 'property', name: 'url', value: 'https://a.example/x', alone: false },
    ],
    ['frozen', PROPERTY, { kind: 'property', name: 'frozen', value: 'true', alone: true }],
  ] as const)('%s is written as it says', (tag, as, target) => {
    expect(writableTag(tag, as)).toEqual({ ok: true, target });
  });

  it.each([
    ['', 'a topic is 1 to 50'],
    ['-x', 'a topic is 1 to 50'],
    ['lang:c++', 'a topic is 1 to 50'],
    ['a'.repeat(51), 'a topic is 1 to 50'],
  ])('%s is no topic, and --property is the way out', (tag, rule) => {
    expect(writableTag(tag, TOPIC)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(rule),
      remedy: expect.stringContaining('--property'),
    });
  });

  it.each([
    ['my tier:gold', 'its name is'],
    ['tier: gold', 'no space at its ends'],
    ['tier:', 'printable ASCII'],
    ['tier:gö', 'printable ASCII'],
    ['topic:tier', 'says topic'],
  ])('%s is no custom property', (tag, rule) => {
    expect(writableTag(tag, PROPERTY)).toMatchObject({ ok: false, problem: expect.stringContaining(rule) });
  });
});

function written(target: TagTarget) {
  return target.kind === 'topic'
    ? { topics: [target.topic], customProperties: {} }
    : { topics: [], customProperties: { [target.name]: target.value } };
}
