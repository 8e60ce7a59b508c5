import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../src/core/workflow/parse-workflow.ts';
import type { WorkflowSource } from '../../../src/core/workflow/types.ts';

const many = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `  - ${one(index)}\n`).join('');

function source(name: string, nodes: string, beside: Partial<WorkflowSource> = {}): WorkflowSource {
  const text = `name: ${name}\nnodes:\n${nodes}`;
  return { name, origin: `${name}.yml`, text, digest: '', files: {}, includes: {}, ...beside };
}

function faultsOf(whole: WorkflowSource): string[] {
  const parsed = parseWorkflow(whole.text, whole.origin, whole);
  return parsed.ok ? [] : parsed.faults.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);
}

const leaf = (count: number) =>
  source(
    'leaf',
    many(count, (at) => `{ id: n${at}, bash: x }`),
  );

describe('the nodes of a workflow, those of included ones counted,', () => {
  const outer = (includes: number, inner: WorkflowSource) =>
    source(
      'outer',
      many(includes, (at) => `{ id: i${at}, include: ${inner.name} }`),
      { includes: { [inner.name]: inner } },
    );

  it('may be 200', () => {
    expect(faultsOf(outer(4, leaf(49)))).toEqual([]);
  });

  it('are refused at the include that makes them more', () => {
    expect(faultsOf(outer(5, leaf(49)))).toEqual(['outer.yml:7:24 too_many_nodes']);
  });

  it('are counted through every level, and told where they become too many', () => {
    const middle = { ...outer(10, leaf(15)), name: 'middle', origin: 'middle.yml' };
    expect(faultsOf(outer(2, middle))).toEqual(['outer.yml:4:24 too_many_nodes']);
  });

  it('are counted when they are included within a group', () => {
    const group =
      '  - id: g\n    loop_group:\n      max_iterations: 2\n      until: X\n      nodes: [{ id: i, include: leaf }]\n';
    expect(faultsOf(source('outer', group, { includes: { leaf: leaf(199) } }))).toEqual([
      'outer.yml:7:33 too_many_nodes',
    ]);
  });
});

describe('the texts of all nodes together', () => {
  const long = 'x'.repeat(256 * 1024);
  const commands = (count: number) =>
    source(
      'outer',
      many(count, (at) => `{ id: c${at}, command: c }`),
      { files: { 'c.md': long } },
    );

  it('may be 4 MiB', () => {
    expect(faultsOf(commands(15))).toEqual([]);
  });

  it('are refused at the node that makes them more, and nothing else is looked at', () => {
    const before = process.cpuUsage();
    expect(faultsOf(commands(200))).toEqual(['outer.yml:18:5 too_large']);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
  });

  it('count in included workflows too', () => {
    const inner = { ...commands(10), name: 'inner', origin: 'inner.yml' };
    const outer = source(
      'outer',
      many(2, (at) => `{ id: i${at}, include: inner }`),
      { includes: { inner } },
    );
    expect(faultsOf(outer)).toEqual(['outer.yml:4:5 too_large']);
  });
});
