import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../src/core/workflow/parse-workflow.ts';
import type { WorkflowSource } from '../../../src/core/workflow/types.ts';

/** A workflow of these nodes, indented by two, with files and workflows beside it. */
function parse(nodes: string, files: Record<string, string> = {}, includes: Record<string, string> = {}) {
  const sources = Object.entries(includes).map(([name, text]): [string, WorkflowSource] => [
    name,
    { name, origin: `acme/platform:.github/fleet/${name}.yml`, text, digest: '', files: {}, includes: {} },
  ]);
  const text = `name: a\ninputs: { word: { default: x } }\nnodes:\n${nodes}\n  - { id: use, prompt: '{{word}}' }\n`;
  return parseWorkflow(text, 'acme/platform:.github/fleet/a.yml', { files, includes: Object.fromEntries(sources) });
}

function faults(...given: Parameters<typeof parse>): string[] {
  const parsed = parse(...given);
  return parsed.ok
    ? []
    : parsed.faults.map(({ file, line, column, code }) => `${file.split('/').at(-1)}:${line}:${column} ${code}`);
}

function firstNode(...given: Parameters<typeof parse>) {
  const parsed = parse(...given);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.workflow.nodes[0];
}

describe('each kind of node', () => {
  it('gets its defaults', () => {
    expect(firstNode('  - { id: b, bash: make }')).toEqual({
      id: 'b',
      kind: 'bash',
      script: 'make',
      dependsOn: [],
      when: null,
      triggerRule: 'all_success',
      continueOnError: false,
      retry: null,
      alwaysRun: false,
      timeoutMs: 600_000,
      env: {},
      outputFormat: null,
    });
    expect(firstNode('  - { id: b, bash: make, retry: { max_attempts: 2 } }')?.retry).toEqual({
      maxAttempts: 2,
      delayMs: 3_000,
      onError: 'transient',
    });
  });

  it('takes its text from the file beside the workflow', () => {
    const script = firstNode('  - { id: s, script: { file: run.py } }', { 'run.py': 'print(1)' });
    expect(script).toMatchObject({ kind: 'script', runtime: 'python', script: 'print(1)', file: 'run.py' });
    const command = firstNode('  - { id: c, command: migrate, with: { from: "1" } }', {
      'migrate.md': 'From {{from}} {{word}}',
    });
    expect(command).toMatchObject({
      kind: 'command',
      prompt: 'From {{from}} {{word}}',
      file: 'migrate.md',
      with: { from: '1' },
    });
    const loop = firstNode('  - { id: l, loop: { command: migrate, until: DONE, max_iterations: 3 } }', {
      'migrate.md': '{{loop.iteration}} $LOOP_PREV_OUTPUT',
    });
    expect(loop).toMatchObject({ kind: 'loop', file: 'migrate.md', until: 'DONE', untilBash: null, maxIterations: 3 });
  });

  it('can hold nodes of its own: a group, and another workflow', () => {
    const group = firstNode(
      '  - { id: g, loop_group: { max_iterations: 2, until: X, nodes: [{ id: n, bash: make }] } }',
    );
    expect(group).toMatchObject({ kind: 'loop_group', nodes: [{ id: 'n', kind: 'bash' }] });
    const inner = 'name: inner\ninputs: { v: { required: true } }\nnodes: [{ id: n, bash: echo "$INPUTS_V" }]';
    const include = firstNode('  - { id: i, include: inner, with: { v: "{{word}}" } }', {}, { inner });
    expect(include).toMatchObject({
      kind: 'include',
      with: { v: '{{word}}' },
      inputs: { v: { required: true } },
      nodes: [{ id: 'n' }],
    });
  });
});

describe('a fault', () => {
  it.each([
    ['of a key of another kind', '  - { id: b, bash: x, with: { a: b } }', ['a.yml:4:23 node_kind']],
    ['of a loop without an end', '  - { id: l, loop: { prompt: x, max_iterations: 2 } }', ['a.yml:4:14 missing_key']],
    [
      'of a loop with two prompts',
      '  - { id: l, loop: { prompt: x, command: y, until: X, max_iterations: 2 } }',
      ['a.yml:4:14 missing_key'],
    ],
    [
      'of an unknown key in a group',
      '  - { id: g, loop_group: { until: X, max_iterations: 2, nodes: [{ id: n, bahs: x }] } }',
      ['a.yml:4:65 node_kind', 'a.yml:4:74 unknown_key'],
    ],
    [
      'of an id that stands outside and inside',
      '  - { id: g, loop_group: { until: X, max_iterations: 2, nodes: [{ id: use, bash: x }] } }',
      ['a.yml:5:11 duplicate_id'],
    ],
    [
      'of a group that names what follows it',
      '  - { id: g, loop_group: { until: X, max_iterations: 2, nodes: [{ id: n, prompt: "$use.output" }] } }',
      ['a.yml:4:83 not_upstream'],
    ],
    ['of a loop value outside of a loop', '  - { id: p, prompt: "{{loop.iteration}}" }', ['a.yml:4:23 reference']],
    ['of a loop variable outside of a loop', '  - { id: p, bash: echo $LOOP_ITERATION }', ['a.yml:4:25 reference']],
    ['of a file that is not there', '  - { id: s, script: { file: gone.mjs } }', ['a.yml:4:30 file']],
    ['of a path that leaves the folder', '  - { id: s, script: { file: ../x.mjs } }', ['a.yml:4:30 file']],
    ['of a file whose language nobody says', '  - { id: s, script: { file: run.sh } }', ['a.yml:4:30 missing_key']],
    ['of an include that is not there', '  - { id: i, include: gone }', ['a.yml:4:23 include']],
    [
      'of a variable that runs its value',
      '  - { id: b, bash: x, env: { BASH_ENV: "{{word}}" } }',
      ['a.yml:4:30 variable'],
    ],
    ['of a variable of ours', '  - { id: b, bash: x, env: { SERVICE: y } }', ['a.yml:4:30 variable']],
    [
      'of a schema that is none',
      '  - { id: b, bash: x, output_format: { type: objekt } }',
      ['a.yml:4:38 output_format'],
    ],
    [
      'of an until_field without a boolean',
      '  - { id: l, loop: { prompt: x, until_field: done, max_iterations: 2 }, output_format: { type: object } }',
      ['a.yml:4:46 until_field'],
    ],
    [
      'of a template in a program',
      '  - { id: s, runtime: node, script: "console.log({{word}})" }',
      ['a.yml:4:50 reference_in_code'],
    ],
    [
      'of a template in until_bash',
      '  - { id: l, loop: { prompt: x, until_bash: "[ {{word}} ]", max_iterations: 2 } }',
      ['a.yml:4:48 reference_in_code'],
    ],
  ])('%s stands where it is', (_, nodes, expected) => {
    expect(faults(nodes)).toEqual(expected);
  });

  it('in the text of a command file stands in that file', () => {
    expect(faults('  - { id: c, command: migrate }', { 'migrate.md': '# Migrate\n\nTo {{wrd}}\n' })).toEqual([
      'migrate.md:3:4 undeclared_input',
    ]);
  });

  it('in a script file stands in that file and shows how its language reads a value', () => {
    const parsed = parse('  - { id: s, script: { file: run.py } }', { 'run.py': 'import os\nprint("{{word}}")\n' });
    expect(parsed).toMatchObject({ ok: false, faults: [{ line: 2, column: 8 }] });
    if (!parsed.ok) expect(parsed.faults[0]?.hint).toContain('os.environ["INPUTS_WORD"]');
  });

  it('of an include tells inputs that are missing, unknown or do not fit', () => {
    const inner =
      'name: inner\ninputs: { v: { required: true }, n: { pattern: \'^[0-9]+$\' } }\nnodes: [{ id: n, bash: echo "$INPUTS_V$INPUTS_N" }]';
    expect(faults('  - { id: i, include: inner, with: { w: a, n: x } }', {}, { inner })).toEqual([
      'a.yml:4:23 missing_input',
      'a.yml:4:38 undeclared_input',
      'a.yml:4:47 input_value',
    ]);
  });

  it('in an included workflow stands in its own file, and only_if cannot be included', () => {
    const broken = 'name: inner\nnodes: [{ id: n, bahs: x }]';
    expect(faults('  - { id: i, include: inner }', {}, { inner: broken })).toContain('inner.yml:2:18 unknown_key');
    const asking = 'name: inner\nonly_if: test -f x\nnodes: [{ id: n, bash: x }]';
    expect(faults('  - { id: i, include: inner }', {}, { inner: asking })).toEqual(['a.yml:4:23 include']);
  });
});
