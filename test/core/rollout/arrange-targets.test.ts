import { describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/core/plan.ts';
import { arrangeTargets } from '../../../src/core/rollout/arrange-targets.ts';
import type { Rollout, ServiceEntry } from '../../../src/core/workflow/types.ts';
import { sampleRepository } from '../sample-repository.ts';

const repository = (name: string, topics: readonly string[] = []): Repository =>
  sampleRepository(`acme/${name}`, name.charCodeAt(0), { topics });

const rollout = (change: Partial<Rollout>): Rollout => ({
  canary: null,
  waves: [],
  haltOnFailure: null,
  approve: 'none',
  after: [],
  ...change,
});
const NOTHING = { tag: [], names: [], match: [] };
const tagged = (tag: string): ServiceEntry => ({ ...NOTHING, tag: [tag], not: NOTHING });
const named = (...names: string[]): ServiceEntry => ({ ...NOTHING, names, not: NOTHING });
const EIGHT = 'abcdefgh'.split('').map((name) => repository(name));

/** `a b|c` where a wave ends. */
function waves(of: Rollout | null, targets: readonly Repository[]): string {
  const arranged = arrangeTargets(of, targets, 'acme').targets;
  const all = Map.groupBy(arranged, ({ wave }) => wave);
  return [...all.values()].map((wave) => wave.map(({ name }) => name).join(' ')).join('|');
}

describe('the arrangement of targets', () => {
  it.each<[string, Partial<Rollout>, string]>([
    [
      'the example of the documents',
      { canary: { count: 1 }, waves: [{ percent: 25 }, { percent: 100 }] },
      'a|b|c d e f g h',
    ],
    ['a canary alone', { canary: { count: 2 } }, 'a b|c d e f g h'],
    ['waves alone, rounded up', { waves: [{ percent: 30 }, { percent: 60 }] }, 'a b c|d e|f g h'],
    ['numbers', { waves: [{ count: 1 }, { count: 4 }] }, 'a|b c d|e f g h'],
    ['more than there are', { waves: [{ count: 100 }] }, 'a b c d e f g h'],
    [
      'a wave that the canary covers',
      { canary: { count: 3 }, waves: [{ percent: 25 }, { percent: 50 }] },
      'a b c|d|e f g h',
    ],
    ['a canary by name, in running order', { canary: { entry: named('f', 'acme/c') } }, 'c f|a b d e g h'],
    ['a canary of all', { canary: { count: 9 } }, 'a b c d e f g h'],
    ['a canary that is nowhere', { canary: { entry: named('z') } }, 'a|b c d e f g h'],
  ])('cuts waves: %s', (_, change, expected) => {
    expect(waves(rollout(change), EIGHT)).toBe(expected);
  });

  it('is as it was without a rollout', () => {
    expect(waves(null, EIGHT)).toBe('a b c d e f g h');
  });

  it('puts first what the others come after, one entry after the other', () => {
    const targets = [
      repository('a'),
      repository('b', ['base']),
      repository('c', ['library']),
      repository('d', ['base']),
    ];
    const of = rollout({ after: [tagged('base'), tagged('library')], waves: [{ count: 2 }] });
    expect(waves(of, targets)).toBe('b d|c a');
    const places = arrangeTargets(of, targets, 'acme').targets.map(({ name, stage }) => `${name}${stage}`);
    expect(places).toEqual(['b0', 'd0', 'c1', 'a2']);
  });

  it('tells which names are none of the targets, though others of the entry are', () => {
    const of = rollout({ canary: { entry: named('a', 'typo') }, after: [named('b', 'acme/c')] });
    expect(arrangeTargets(of, EIGHT, 'acme').unmatched).toMatchObject([{ key: 'canary', entry: { names: ['typo'] } }]);
  });

  it('looks for many names in many targets in no time', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => sampleRepository(`acme/service-${index}`, index + 1));
    const names = Array.from({ length: 40_000 }, (_, index) => `typo-${index}`);
    const before = process.cpuUsage();
    const { unmatched } = arrangeTargets(rollout({ canary: { entry: named('service-1', ...names) } }), many, 'acme');
    expect(process.cpuUsage(before).user, 'microseconds').toBeLessThan(1_000_000);
    expect(unmatched[0]?.entry.names).toHaveLength(40_000);
  });

  it('tells which entries select nothing', () => {
    const of = rollout({ canary: { entry: tagged('canary') }, after: [tagged('library'), named('a')] });
    const keys = arrangeTargets(of, EIGHT, 'acme').unmatched.map(({ key, entry }) => [key, entry.tag]);
    expect(keys).toEqual([
      ['canary', ['canary']],
      ['after', ['library']],
    ]);
  });
});
