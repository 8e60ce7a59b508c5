import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../src/core/workflow/parse-workflow.ts';

const many = (count: number, one: (index: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, index) => one(index)).join(between);
const fill = (token: string, length = 980_000): string => token.repeat(Math.ceil(length / token.length));
const name = 'input_with_a_name_of_about_forty_chars';
const inputs = `inputs:\n${many(100, (i) => `  ${name}${i}: {}`)}`;

describe('a hostile file of a megabyte is answered within three seconds:', () => {
  it.each([
    [
      'a name of an input that hangs when read as an expression',
      `name: x\ninputs:\n  "(?:(?:a+)+)+": {}\nnodes:\n  - id: a\n    bash: 'echo {{${'a'.repeat(40)}!'`,
    ],
    ['a name of an input that is no expression', 'name: x\ninputs:\n  "a(": {}\nnodes:\n  - id: a\n    bash: echo'],
    [
      'a pattern that backtracks for ever',
      `name: x\ninputs:\n  v: { pattern: '^(\\w+-?)+$', default: '${'a'.repeat(8_000)}!' }\nnodes:\n  - { id: a, prompt: '{{v}}' }`,
    ],
    [
      'a hundred patterns with long values',
      `name: x\ninputs:\n${many(100, (i) => `  v${i}: { pattern: '\\pL{0,590}$', default: ${'a'.repeat(8_000)} }`)}\nnodes:\n  - { id: a, prompt: '{{v}}' }`,
    ],
    [
      'a long enum with a pattern and a long description',
      `name: x\ninputs:\n  v:\n    pattern: '^[a-z]{0,250}!$'\n    description: ${'d'.repeat(300_000)}\n    enum: [${many(40_000, (i) => `a${i}`, ',')}]\nnodes:\n  - { id: a, prompt: '{{v}}' }`,
    ],
    ['references to unknown inputs', `name: x\n${inputs}\nnodes:\n  - id: a\n    prompt: "${fill(`{{${name}zz}}`)}"`],
    [
      'references to unknown inputs in every node',
      `name: x\n${inputs}\nnodes:\n${many(190, (i) => `  - { id: n${i}, prompt: "${fill(`{{${name}zz}}`, 4_500)}" }`)}`,
    ],
    ['references in a command', `name: x\n${inputs}\nnodes:\n  - id: a\n    bash: "${fill(`{{${name}zz}}`)}"`],
    [
      'unknown variables in every command',
      `name: x\nnodes:\n${many(190, (i) => `  - { id: ${'n'.repeat(20)}${i}, depends_on: [${i === 0 ? '' : `${'n'.repeat(20)}${i - 1}`}], bash: "${many(120, (j) => `$NODES_${'N'.repeat(20)}${j}_OUTPTU`, ' ')}" }`)}`,
    ],
    ['references in a branch', `name: x\nbranch: "${fill('{{a}}')}"\nnodes:\n  - { id: a, bash: x }`],
    [
      'conditions on unknown inputs',
      `name: x\n${inputs}\nnodes:\n${many(200, (i) => `  - { id: n${i}, bash: x, when: "${many(60, () => `$inputs.${name}zz=='a'`, '||')}" }`)}`,
    ],
    [
      'unknown dependencies',
      `name: x\nnodes:\n${many(200, (i) => `  - { id: ${name}${i}, bash: x, depends_on: [${many(150, (j) => `node_${name.slice(0, 20)}${j}`, ',')}] }`)}`,
    ],
    [
      'a dependency repeated',
      `name: x\nnodes:\n  - { id: a, bash: x, depends_on: [${many(45_000, () => 'b', ',')}] }\n  - { id: b, bash: x, depends_on: a }`,
    ],
    [
      'dependencies repeated by aliases',
      `name: x\nnodes:\n  - { id: a, bash: x, depends_on: &d [${many(40_000, () => 'x', ',')}] }\n${many(98, (i) => `  - { id: b${i}, bash: x, depends_on: *d }`)}`,
    ],
    [
      'everything depends on everything',
      `name: x\nnodes:\n${many(200, (i) => `  - { id: n${i}, bash: x, depends_on: [${many(200, (j) => `n${j}`, ',')}] }`)}`,
    ],
    ['misspelled keys', many(30_000, (i) => `pull_requestx${i}: 1`)],
    [
      'misspelled keys below a long one',
      `name: x\ninputs:\n  "${'q'.repeat(500_000)}":\n${many(15_000, (i) => `    defaul${i}: 1`)}`,
    ],
    ['duplicate keys', many(40_000, () => 'k: 1')],
    [
      '98 aliases of a long text',
      `name: x\npull_request:\n  body: &p "${'x'.repeat(1_000_000)}"\nnodes:\n${many(98, (i) => `  - { id: a${i}, prompt: *p }`)}`,
    ],
  ])('%s', (_, text) => {
    const started = process.cpuUsage().user;
    const parsed = parseWorkflow(text, 'x.yml');
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(3_000);
    expect(parsed.ok).toBe(false);
    const faults = parsed.ok ? [] : parsed.faults;
    expect(faults.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(faults).length).toBeLessThan(1_000_000);
  });

  it.each<[string, number, string]>([
    [
      'a chain of 200 nodes with ten references each',
      1_000,
      `name: x\nnodes:\n${many(200, (i) => `  - { id: n${i}, depends_on: [${i === 0 ? '' : `n${i - 1}`}], prompt: "${many(i === 0 ? 0 : 10, (j) => `{{nodes.n${Math.max(0, i - 1 - j)}.output}}`, ' ')}" }`).replace('prompt: ""', 'prompt: x')}`,
    ],
    [
      '200 nodes that each depend on all before them and name them',
      2_000,
      `name: x\nnodes:\n${many(200, (i) => `  - { id: n${i}, depends_on: [${many(i, (j) => `n${j}`, ',')}], prompt: "x ${many(i, (j) => `$n${j}.output`, ' ')}" }`)}`,
    ],
  ])('is read at once when it is valid: %s', (_, limit, text) => {
    const started = process.cpuUsage().user;
    expect(parseWorkflow(text, 'x.yml')).toMatchObject({ ok: true });
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(limit);
  });

  it('is not looked into when a group holds far too many nodes', () => {
    const inner = many(4_000, (i) => `        - { id: n${i}, prompt: "$n${i}.output" }`);
    const text = `name: x\nnodes:\n  - id: g\n    loop_group:\n      max_iterations: 2\n      until: X\n      nodes:\n${inner}`;
    const started = process.cpuUsage().user;
    const parsed = parseWorkflow(text, 'x.yml');
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(3_000);
    expect(parsed.ok ? [] : parsed.faults).toMatchObject([{ code: 'too_many_nodes' }]);
  });

  const TOKENS = [
    'a',
    '\n',
    '\r',
    ' ',
    '- ',
    'a: ',
    '? ',
    '[',
    '{a: ',
    '&a ',
    '*a ',
    '!a ',
    '#',
    '|\n',
    '"',
    "'",
    '\\',
    '---\n',
  ];
  const REFERENCES = [
    '{{',
    '{{x}}',
    '{{ x',
    '$a.output',
    '$x.output.y-',
    '${{ inputs.x }}',
    '$INPUTS_X ',
    'INPUTS_',
    '../',
    '@{',
  ];
  it.each([...TOKENS, ...REFERENCES])(
    'nothing but %j, as the file, a command, a text, a branch and a condition',
    (token) => {
      // Half of a megabyte in a quarter of its time: what would need a megabyte's three seconds squared needs more.
      const filled = fill(token, 490_000);
      const text = JSON.stringify(filled);
      const node = 'nodes:\n  - { id: a, bash: x }';
      const files = [
        filled,
        `name: x\nnodes:\n  - id: a\n    bash: ${text}`,
        `name: x\nnodes:\n  - id: a\n    prompt: ${text}`,
        `name: x\nbranch: ${text}\n${node}`,
        `name: x\n${node}\n    \npull_request: { title: ${text} }`,
        `name: x\nnodes:\n  - id: a\n    bash: x\n    when: ${text}`,
      ];
      for (const file of files) {
        const started = process.cpuUsage().user;
        parseWorkflow(file, 'x.yml');
        expect((process.cpuUsage().user - started) / 1000).toBeLessThan(750);
      }
    },
  );
});
