import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../../src/core/workflow/parse-workflow.ts';
import type { WorkflowSource } from '../../../../src/core/workflow/types.ts';
import { faultsOf, workflowOf } from './faults-of.ts';

describe('a remedy does the whole of it:', () => {
  it.each([
    [
      'a variable of a node that does not come before',
      'bash: echo "$NODES_FIRST_OUTPUT"',
      'Add `first` to the `depends_on` of `second`.',
    ],
    [
      'a reference to one in a command',
      'bash: echo $first.output',
      '"$NODES_FIRST_OUTPUT"`. Add `first` to the `depends_on`',
    ],
    ['a reference to the node itself', 'bash: echo $second.output', 'this one has no output yet'],
    ['a reference in braces to no node', 'bash: echo {{nodes.frist.output}}', 'did you mean `first`?'],
  ])('%s', (_, node, hint) => {
    expect(faultsOf(workflowOf(node, '{ id: first, bash: x }'))).toMatchObject([
      { hint: expect.stringContaining(hint) },
    ]);
  });

  it('says no more than that it is not set, in a loop that has no such variable', () => {
    const text = workflowOf('loop: { prompt: x, until_bash: test "$LOOP_OUTPTU", max_iterations: 2 }');
    expect(faultsOf(text)).toEqual([{ at: '4:42 reference', hint: 'Did you mean `LOOP_OUTPUT`?' }]);
  });

  it('tells `requires: [github]` to go away', () => {
    expect(faultsOf(`${workflowOf('bash: x')}\nrequires: [github]`)).toEqual([
      { at: '5:12 program', hint: 'Remove it; it is not needed here.' },
    ]);
  });

  it('leaves out what only follows from too many nodes', () => {
    const nodes = Array.from({ length: 201 }, (_, index) => `  - { id: n${index}, bash: x }`).join('\n');
    const first = '  - { id: first, bash: x, depends_on: [n200] }';
    expect(faultsOf(`name: a\nnodes:\n${first}\n${nodes}`)).toMatchObject([{ at: '203:5 too_many_nodes' }]);
  });
});

describe('a remedy for a name that is seen across groups', () => {
  const group = (id: string, inner: string, more = '') =>
    `  - id: ${id}\n${more}    loop_group: { max_iterations: 2, until: X, nodes: [${inner}] }\n`;
  const first = '  - { id: first, bash: x }\n';
  const inner = '{ id: inner, bash: x }';

  it.each([
    [
      'a node outside of the group',
      first + group('g', '{ id: n, prompt: $first.output }'),
      'Add `first` to the `depends_on` of the group `g`.',
    ],
    [
      'a node outside of the group, in a command',
      first + group('g', '{ id: n, bash: echo "$NODES_FIRST_OUTPUT" }'),
      'Add `first` to the `depends_on` of the group `g`.',
    ],
    ['a node beside it in the group', group('g', `${inner}, { id: n, prompt: $inner.output }`), 'of `n`.'],
    [
      'a node in another group',
      `${group('h', inner)}  - { id: n, prompt: $inner.output }\n`,
      'Name the group `h`, whose nodes only see each other, and add it to the `depends_on` of `n`.',
    ],
    [
      'a node in a group that comes before',
      `${group('h', inner)}  - { id: n, prompt: $inner.output, depends_on: h }\n`,
      'Name the group `h`, whose nodes only see each other.',
    ],
    ['the group around it', group('g', '{ id: n, prompt: $g.output }'), '`g` ends after those in it.'],
    ['a node in it', group('g', inner, '    when: $inner.output == 1\n'), 'those in it have not run yet.'],
  ])('%s', (_, nodes, hint) => {
    expect(faultsOf(`name: a\nnodes:\n${nodes}`)).toMatchObject([{ hint: expect.stringContaining(hint) }]);
  });
});

describe('includes that include each other', () => {
  const source = (name: string, includes: Record<string, WorkflowSource>): WorkflowSource => ({
    name,
    origin: `${name}.yml`,
    text: `name: ${name}\nnodes: [{ id: next, include: ${{ a: 'b', b: 'c', c: 'a' }[name]} }]`,
    digest: '',
    files: {},
    includes,
  });

  it('are told with their path', () => {
    const whole = source('a', { b: source('b', { c: source('c', {}) }) });
    const parsed = parseWorkflow(whole.text, whole.origin, whole);
    expect(parsed.ok ? [] : parsed.faults).toMatchObject([
      { file: 'c.yml', line: 2, message: 'These workflows include each other: a -> b -> c -> a.' },
    ]);
  });
});
