import { describe, expect, it } from 'vitest';
import type { NodeStatus } from '../../../src/core/status.ts';
import { cyclePaths, nextNodes, taskFails, upstreamOf, upstreamOutcomes } from '../../../src/core/workflow/graph.ts';
import type { TriggerRule } from '../../../src/core/workflow/types.ts';

const node = (
  id: string,
  dependsOn: string[] = [],
  continueOnError = false,
  triggerRule: TriggerRule = 'all_success',
) => ({ id, dependsOn, continueOnError, triggerRule });
const at = (statuses: Record<string, NodeStatus>) =>
  new Map(Object.entries(statuses).map(([id, status]) => [id, { status }]));
const next = (nodes: ReturnType<typeof node>[], statuses: Record<string, NodeStatus>) => {
  const { ready, skip } = nextNodes(nodes, at(statuses));
  return { ready: ready.map(({ id }) => id), skip: skip.map(({ id }) => id) };
};

describe('which nodes come next', () => {
  const nodes = [node('bump'), node('test', ['bump'], true), node('repair', ['test']), node('retest', ['repair'])];

  it.each<[string, Record<string, NodeStatus>, string[], string[]]>([
    ['nothing ran', {}, ['bump'], []],
    ['a node runs', { bump: 'running' }, [], []],
    ['a node completed', { bump: 'completed' }, ['test'], []],
    ['a node failed, so that all that follows is skipped', { bump: 'failed' }, [], ['test', 'repair', 'retest']],
    ['a node with continue_on_error failed', { bump: 'completed', test: 'failed' }, ['repair'], []],
    ['a node was skipped', { bump: 'completed', test: 'completed', repair: 'skipped' }, [], ['retest']],
    ['a node waits', { bump: 'waiting' }, [], []],
  ])('when %s', (_, statuses, ready, skip) => {
    expect(next(nodes, statuses)).toEqual({ ready, skip });
  });

  it('are all whose upstream is done: layers run side by side', () => {
    expect(next([node('a'), node('b'), node('c', ['a', 'b'])], {})).toEqual({ ready: ['a', 'b'], skip: [] });
  });

  it('wait for every upstream before a skip, and stand in any written order', () => {
    const join = [node('c', ['a', 'b']), node('a'), node('b')];
    expect(next(join, { a: 'failed', b: 'running' })).toEqual({ ready: [], skip: [] });
    expect(next(join, { a: 'failed', b: 'completed' })).toEqual({ ready: [], skip: ['c'] });
  });
});

describe('a trigger rule', () => {
  const ends: NodeStatus[] = ['completed', 'failed', 'skipped'];
  it.each<[TriggerRule, string[]]>([
    ['all_success', ['completed completed']],
    [
      'one_success',
      ['completed completed', 'completed failed', 'completed skipped', 'failed completed', 'skipped completed'],
    ],
    ['none_failed_min_one_success', ['completed completed', 'completed skipped', 'skipped completed']],
    ['all_done', ends.flatMap((one) => ends.map((other) => `${one} ${other}`))],
  ])('%s runs after', (rule, expected) => {
    const nodes = [node('a'), node('b'), node('c', ['a', 'b'], false, rule)];
    const after = ends.flatMap((a) => ends.map((b) => [a, b] as const));
    const runs = after.filter(([a, b]) => next(nodes, { a, b }).ready.includes('c'));
    expect(runs.map((pair) => pair.join(' ')).toSorted()).toEqual(expected.toSorted());
  });

  it('is asked only when every upstream has ended, and lets a node without any run', () => {
    const nodes = [node('a'), node('b'), node('c', ['a', 'b'], false, 'one_success')];
    expect(next(nodes, { a: 'completed', b: 'running' })).toEqual({ ready: [], skip: [] });
    expect(next([node('a', [], false, 'one_success')], {})).toEqual({ ready: ['a'], skip: [] });
  });

  it('takes a failure with continue_on_error for a success', () => {
    const nodes = [node('a', [], true), node('b', ['a'], false, 'none_failed_min_one_success')];
    expect(next(nodes, { a: 'failed' }).ready).toEqual(['b']);
  });
});

describe('a task', () => {
  const nodes = [node('test', [], true), node('lint')];
  it('fails when a node without continue_on_error failed, whatever else ran', () => {
    expect(taskFails(nodes, at({ test: 'completed', lint: 'failed' }))).toBe(true);
  });
  it('does not fail by a node with continue_on_error or by a skipped one', () => {
    expect(taskFails(nodes, at({ test: 'failed', lint: 'skipped' }))).toBe(false);
  });
});

describe('the graph', () => {
  const diamond = [node('a'), node('b', ['a']), node('c', ['a']), node('d', ['b', 'c'])];
  it('knows all that comes before a node', () => {
    expect([...upstreamOf(diamond, 'd')].sort()).toEqual(['a', 'b', 'c']);
    expect([...upstreamOf(diamond, 'b')]).toEqual(['a']);
    expect([
      ...upstreamOutcomes(
        diamond,
        'b',
        new Map([
          ['a', 1],
          ['c', 2],
        ]),
      ).keys(),
    ]).toEqual(['a']);
  });
  it('has no cycle in a diamond, and names each cycle once', () => {
    expect(cyclePaths(diamond, 50)).toEqual([]);
    expect(cyclePaths([node('a', ['b']), node('b', ['a']), node('c', ['c'])], 50)).toEqual([
      ['a', 'b', 'a'],
      ['c', 'c'],
    ]);
  });
});
