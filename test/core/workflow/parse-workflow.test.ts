import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../src/core/workflow/parse-workflow.ts';

const parse = (text: string) => parseWorkflow(text, 'x.yml');

function faultsOf(text: string): string[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.faults.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

function only(text: string) {
  const parsed = parse(text);
  if (parsed.ok) throw new Error('the workflow has no fault');
  const [fault] = parsed.faults;
  if (!fault || parsed.faults.length > 1) throw new Error(JSON.stringify(parsed.faults, null, 1));
  return fault;
}

const EXAMPLE = `name: bump-shared-lib
inputs:
  version: { required: true, description: "Target version", pattern: '^\\d+(\\.\\d+)*$' }
services: [{ tag: platform:my-app }]
parallel: true
branch: fleet/bump-shared-lib-{{version}}
only_if: grep -q '"@acme/shared"' package.json
limits: { task_timeout: 30m, budget_usd: 25 }
pull_request: { title: "Bump @acme/shared to {{version}}", body: "...", base: main, labels: dependencies, reviewers: [octocat, team:platform], commit: push }
nodes:
  - id: bump
    bash: npm pkg set "dependencies.@acme/shared=$INPUTS_VERSION" && npm install
  - id: test
    bash: npm test
    depends_on: [bump]
    continue_on_error: true
  - id: repair
    prompt: "The tests of {{service}} fail after the bump to {{version}}.\\n{{nodes.test.output}}"
    depends_on: test
    when: $test.exit_code != 0
    agent: { name: opencode, budget_usd: 2.5 }
`;

describe('a workflow as product.md shows it', () => {
  it('becomes a plain value with every default filled in', () => {
    const parsed = parse(EXAMPLE);
    expect(parsed).toMatchObject({
      ok: true,
      workflow: {
        name: 'bump-shared-lib',
        description: '',
        inputs: { version: { required: true, default: null, enum: null, allowDash: false } },
        services: [{ tag: ['platform:my-app'], names: [], match: [], not: { tag: [], names: [], match: [] } }],
        exclude: [],
        parallel: 'caps',
        limits: { taskTimeoutMs: 1_800_000, budgetUsd: 25 },
        pullRequest: { commitMessage: null, draft: false, labels: ['dependencies'], assignees: [], commit: 'push' },
        nodes: [
          { id: 'bump', kind: 'bash', dependsOn: [], when: null, timeoutMs: 600_000, continueOnError: false },
          { id: 'test', dependsOn: ['bump'], continueOnError: true },
          {
            id: 'repair',
            kind: 'prompt',
            agent: 'opencode',
            budgetUsd: 2.5,
            timeoutMs: 1_800_000,
            idleTimeoutMs: 600_000,
          },
        ],
      },
    });
  });

  it('needs no more than a name and a node, and then runs in the control repository alone, one by one', () => {
    const parsed = parse('name: tidy\nnodes: [{ id: tidy, bash: make tidy }]');
    expect(parsed).toMatchObject({
      ok: true,
      workflow: {
        services: null,
        branch: null,
        onlyIf: null,
        parallel: 1,
        limits: { taskTimeoutMs: 3_600_000, budgetUsd: null },
      },
    });
  });
});

describe('all faults of a file come at once, each with its line and column', () => {
  it('finds faults of shape and of meaning in one pass', () => {
    const text = `name: status
exclude: ["!acme/*"]
inputs:
  versoin: { requird: true, default: 2.0 }
services:
  - tag: ["a b c", ok]
    foo: 1
limits: { task_timeout: 30, budget_usd: -3 }
nodes:
  - id: bump
    bash: |
      echo {{versoin}}
      echo $INPUTS_VERSION
    depends_on: [tset]
    agent: x
  - id: test
    script: foo
    depends_on: [last]
  - bash: x
  - id: last
    prompt: >
      hello {{version}}
      and {{nodes.bump.output}}
    depends_on: test
    when: $test.exit_code = 0
    timeout: 10x
`;
    expect(faultsOf(text)).toEqual([
      '1:7 reserved_name',
      '2:11 glob',
      '4:14 unknown_key',
      '4:38 invalid_value',
      '6:11 tag',
      '7:5 unknown_key',
      '8:25 invalid_value',
      '8:41 invalid_value',
      '12:12 reference_in_code',
      '13:12 undeclared_input',
      '14:18 unknown_node',
      '15:5 node_kind',
      '17:5 missing_key',
      '18:18 cycle',
      '19:5 missing_key',
      '22:13 undeclared_input',
      '23:11 not_upstream',
      '25:27 condition',
      '26:14 invalid_value',
    ]);
  });

  it('proposes the nearest known key', () => {
    const fault = only('name: a\nnodes:\n  - id: b\n    bash: x\n    depend_on: []');
    expect(fault).toMatchObject({ line: 5, column: 5, code: 'unknown_key', hint: 'Did you mean `depends_on`?' });
  });

  it('says what a number as a duration should have been', () => {
    const fault = only('name: a\nnodes:\n  - id: b\n    bash: x\n    timeout: 30');
    expect(fault).toMatchObject({ line: 5, column: 14, code: 'invalid_value' });
    expect(fault.hint).toContain('30s, 10m, 2h');
  });

  it.each([
    ['no kind', '- id: b', '3:5 node_kind'],
    ['two kinds', '- id: b\n    bash: x\n    prompt: y', '5:5 node_kind'],
    ['idle_timeout on bash', '- id: b\n    bash: x\n    idle_timeout: 3m', '5:5 node_kind'],
    ['a text instead of a node', '- b', '3:5 invalid_value'],
    ['an empty body', '- id: b\n    bash:', '4:5 invalid_value'],
    ['an unknown key of agent', '- id: b\n    prompt: x\n    agent: { name: a, nmae: b }', '5:23 unknown_key'],
    ['a bad item of a list', '- id: b\n    bash: x\n    depends_on: [[x]]', '5:18 invalid_value'],
  ])('places a node with %s', (_, node, expected) => {
    expect(faultsOf(`name: a\nnodes:\n  ${node}`)).toEqual([expected]);
  });

  it.each([
    ['', '1:1 invalid_value'],
    ['- a', '1:1 invalid_value'],
    ['name: a', '1:1 missing_key'],
    ['name: a\nnodes: []', '2:8 invalid_value'],
    ['nodes: [{ id: b, bash: x }]', '1:1 missing_key'],
    ['name: 7\nnodes: [{ id: b, bash: x }]', '1:7 invalid_value'],
    ['name: a\nservices:\nnodes: [{ id: b, bash: x }]', '2:1 invalid_value'],
    ['name: a\nparallel: 0\nnodes: [{ id: b, bash: x }]', '2:11 invalid_value'],
    ['name: a\npull_request: { commit: pushh }\nnodes: [{ id: b, bash: x }]', '2:25 invalid_value'],
  ])('places what is wrong with %j', (text, expected) => {
    expect(faultsOf(text)).toEqual([expected]);
  });

  it('refuses node number 201 and input number 101', () => {
    const nodes = Array.from({ length: 201 }, (_, index) => `  - { id: n${index}, bash: x }`).join('\n');
    expect(faultsOf(`name: a\nnodes:\n${nodes}`)).toEqual(['203:5 too_many_nodes']);
    const inputs = Array.from({ length: 101 }, (_, index) => `  i${index}: {}`).join('\n');
    expect(faultsOf(`name: a\ninputs:\n${inputs}\nnodes: [{ id: b, bash: x }]`)).toEqual(['103:3 too_many_inputs']);
  });

  it('knows no inherited names: an input may be called constructor, and must be declared', () => {
    expect(faultsOf('name: a\nnodes: [{ id: b, prompt: "{{constructor}}" }]')).toEqual(['2:27 undeclared_input']);
    expect(parse('name: a\ninputs: { constructor: {} }\nnodes: [{ id: b, prompt: "{{constructor}}" }]').ok).toBe(true);
  });
});
