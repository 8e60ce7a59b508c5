import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../../src/core/workflow/parse-workflow.ts';

function faultsOf(text: string) {
  const parsed = parseWorkflow(text, 'x.yml');
  return parsed.ok
    ? []
    : parsed.faults.map(({ line, column, code, hint }) => ({ at: `${line}:${column}`, code, hint }));
}

const node = (body: string) => `name: a\nnodes:\n  - id: first\n    bash: make\n  - id: second\n    ${body}`;

describe('each rule finds its fault where it stands and says what to do', () => {
  it.each([
    ['name: Bump\nnodes: [{ id: b, bash: x }]', '1:7', 'workflow_name', 'small letters'],
    ['name: plan\nnodes: [{ id: b, bash: x }]', '1:7', 'reserved_name', 'plan-all'],
    [
      'name: a\ninputs: { Ver: {} }\nnodes: [{ id: b, bash: "echo $INPUTS_VER" }]',
      '2:11',
      'input_name',
      'target_version',
    ],
    [
      'name: a\ninputs: { service: {} }\nnodes: [{ id: b, bash: "echo $INPUTS_SERVICE" }]',
      '2:11',
      'reserved_name',
      'another',
    ],
    ['name: a\ninputs:\n  v: {}\nnodes: [{ id: b, bash: x }]', '3:3', 'unused_input', '$INPUTS_V'],
    ["name: a\ninputs:\n  v: { pattern: '[' }\nnodes: [{ id: b, prompt: '{{v}}' }]", '3:17', 'invalid_pattern', 'RE2'],
    [
      "name: a\ninputs:\n  v: { pattern: '(?=a)' }\nnodes: [{ id: b, prompt: '{{v}}' }]",
      '3:17',
      'invalid_pattern',
      'no look-around',
    ],
    [
      "name: a\ninputs:\n  v: { pattern: '(a)\\1' }\nnodes: [{ id: b, prompt: '{{v}}' }]",
      '3:17',
      'invalid_pattern',
      'no back-references',
    ],
    [
      "name: a\ninputs:\n  v: { pattern: '^.{0,1000}$' }\nnodes: [{ id: b, prompt: '{{v}}' }]",
      '3:17',
      'invalid_pattern',
      'Repeat less often',
    ],
    ['name: a\ninputs:\n  "a(": {}\nnodes: [{ id: b, bash: x }]', '3:3', 'input_name', 'small letters'],
    [node(`prompt: "${'{{service}}'.repeat(201)}"`), '6:2214', 'too_large', 'Split'],
    [
      "name: a\ninputs:\n  v: { pattern: '^\\d$', default: x }\nnodes: [{ id: b, prompt: '{{v}}' }]",
      '3:34',
      'input_value',
      '\\d',
    ],
    [
      "name: a\ninputs:\n  v: { enum: [x, y], default: z }\nnodes: [{ id: b, prompt: '{{v}}' }]",
      '3:31',
      'input_value',
      'x, y',
    ],
    [node('bash: x\n  - id: first\n    bash: y'), '7:9', 'duplicate_id', 'number 1'],
    [node('bash: x\n  - id: Third\n    bash: y'), '7:9', 'node_id', 'run-tests'],
    [node('bash: x\n  - id: inputs\n    bash: y'), '7:9', 'reserved_name', 'another'],
    ['name: a\nnodes: [{ id: a-b, bash: x }, { id: a_b, bash: x }]', '2:37', 'shared_variable', 'same in variables'],
    [node('bash: x\n    depends_on: [frist]'), '7:18', 'unknown_node', 'first'],
    [node('bash: x\n    depends_on: [first, first]'), '7:25', 'duplicate_dependency', 'Remove'],
    [node('bash: x\n    depends_on: [second]'), '7:18', 'cycle', 'Remove'],
    [node('bash: x\n    when: $first.exit_code = 0'), '7:28', 'condition', '=='],
    [node('bash: x\n    when: $first.exit_code != 0'), '7:11', 'not_upstream', 'depends_on'],
    [node('bash: x\n    depends_on: first\n    when: $frist.exit_code != 0'), '8:11', 'unknown_node', 'first'],
    [node("bash: x\n    when: $inputs.v == 'x'"), '7:11', 'undeclared_input', 'Declare'],
    [node('bash: |\n      a\n      b {{ inputs.v }}'), '8:9', 'reference_in_code', '"$INPUTS_V"'],
    [node('bash: echo {{service}}'), '6:16', 'reference_in_code', '"$SERVICE"'],
    [node('depends_on: first\n    bash: echo $first.output'), '7:16', 'reference_in_code', '"$NODES_FIRST_OUTPUT"'],
    [
      node('depends_on: first\n    bash: echo {{nodes.first.exit_code}}'),
      '7:16',
      'reference_in_code',
      '"$NODES_FIRST_EXIT_CODE"',
    ],
    [node('bash: echo ${{ inputs.service }} $inputs.v'), '6:38', 'reference_in_code', '"$INPUTS_V"'],
    [node('bash: echo "$INPUTS_VERSION"'), '6:17', 'undeclared_input', 'Declare'],
    [node('bash: echo "$NODES_FIRST_OUTPUT"'), '6:17', 'not_upstream', 'depends_on'],
    [
      'name: a\nonly_if: test "{{nodes.b.output}}"\nnodes: [{ id: b, bash: x }]',
      '2:16',
      'reference_in_code',
      'No node has run',
    ],
    [node('prompt: "a {{vresion}}"'), '6:16', 'undeclared_input', 'Declare'],
    [node('prompt: "a $first.output"'), '6:16', 'not_upstream', 'depends_on'],
    [node('prompt: "{{nodes.frist.output}}"'), '6:14', 'unknown_node', 'first'],
    [node('prompt: "{{ version | upper }}"'), '6:14', 'reference', '{{name}}'],
    ['name: a\nbranch: x/{{service}}\nnodes: [{ id: b, bash: x }]', '2:11', 'reference', 'inputs only'],
    ['name: a\nbranch: x..y\nnodes: [{ id: b, bash: x }]', '2:9', 'branch', 'Git refuses'],
    ['name: a\npull_request: { base: -x }\nnodes: [{ id: b, bash: x }]', '2:23', 'branch', 'Git refuses'],
    [
      'name: a\npull_request: { title: "{{nodes.c.output}}" }\nnodes: [{ id: b, bash: x }]',
      '2:25',
      'unknown_node',
      'b',
    ],
    [
      'name: a\npull_request: { title: "${{ github.sha }}" }\nnodes: [{ id: b, bash: x }]',
      '2:25',
      'reference',
      '{{github.sha}}',
    ],
    ['name: a\npull_request: { reviewers: ["@octocat"] }\nnodes: [{ id: b, bash: x }]', '2:29', 'person', 'without @'],
    ['name: a\nservices:\n  - not: { tag: x }\nnodes: [{ id: b, bash: x }]', '3:5', 'empty_entry', 'Add'],
    ['name: a\nservices:\n  - tag: [ok, "not ok"]\nnodes: [{ id: b, bash: x }]', '3:15', 'tag', 'topic'],
    ['name: a\nservices:\n  - tag: topic:My_Topic\nnodes: [{ id: b, bash: x }]', '3:10', 'tag', 'topic'],
    ['name: a\nservices:\n  - match: "!acme/*"\nnodes: [{ id: b, bash: x }]', '3:12', 'glob', 'not'],
    ['name: a\nexclude: ["!acme/*"]\nnodes: [{ id: b, bash: x }]', '2:11', 'glob', 'exclude'],
    ['name: a\nservices: [{ names: "acme/*" }]\nnodes: [{ id: b, bash: x }]', '2:21', 'repository_name', 'match'],
  ])('%j', (text, at, code, hint) => {
    const faults = faultsOf(text);
    expect(faults).toEqual([{ at, code, hint: expect.stringContaining(hint) }]);
  });

  it('names the path of a cycle', () => {
    const text =
      'name: a\nnodes:\n  - { id: x, bash: x, depends_on: z }\n  - { id: y, bash: x, depends_on: x }\n  - { id: z, bash: x, depends_on: y }';
    const parsed = parseWorkflow(text, 'x.yml');
    expect(parsed.ok ? '' : parsed.faults.map(({ message }) => message).join()).toContain('x -> z -> y -> x');
  });
});

describe('what only looks like a fault is let through', () => {
  it.each([
    ['Go templates of other tools', node("bash: docker ps --format '{{.Names}}'")],
    ['a shell variable with an ending', node('bash: cat $name.output')],
    ['expressions of GitHub Actions that a command writes', node("bash: echo '${{ github.sha }}' > x.yml")],
    ['expressions of GitHub Actions in a prompt', node('prompt: Replace ${{ github.sha }}')],
    ['a variable of our own prefix that the command sets', node('bash: INPUTS_DIR=x; ls $INPUTS_DIR')],
    ['an input that only the condition uses', `${node("bash: x\n    when: $inputs.v == 'x'")}\ninputs: { v: {} }`],
    ['a pattern that repeats what it repeats', `${node('prompt: "{{v}}"')}\ninputs: { v: { pattern: '^(a+)+$' } }`],
    ['an input that only only_if uses', `${node('bash: x')}\ninputs: { v: {} }\nonly_if: test "$INPUTS_V"`],
    ['results of any node in the pull request', `${node('bash: x')}\npull_request: { body: "$second.output" }`],
    ['a property with a true value', `${node('bash: x')}\nservices: [{ tag: Is_Service }]`],
    ['any services', `${node('bash: x')}\nservices: any`],
  ])('%s', (_, text) => {
    expect(faultsOf(text)).toEqual([]);
  });
});
