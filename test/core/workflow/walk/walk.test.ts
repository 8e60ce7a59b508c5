import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../../src/core/workflow/parse-workflow.ts';
import type { ApprovalNode, WorkflowNode, WorkflowSource } from '../../../../src/core/workflow/types.ts';
import { parseStubs } from '../../../../src/core/workflow/walk/stubs.ts';
import { walk } from '../../../../src/core/workflow/walk/walk.ts';

interface Given {
  includes?: Record<string, string>;
  inputs?: Record<string, string>;
  service?: string;
}

function nodesOf(yaml: string, includes: Record<string, string> = {}): readonly WorkflowNode[] {
  const sources = Object.entries(includes).map(([name, text]): [string, WorkflowSource] => [
    name,
    { name, origin: `${name}.yml`, text, digest: '', files: {}, includes: {} },
  ]);
  const text = `name: a\ninputs: { word: { default: x } }\nnodes:\n${yaml}\n  - { id: use, bash: 'echo "$INPUTS_WORD"' }\n`;
  const parsed = parseWorkflow(text, 'a.yml', { files: {}, includes: Object.fromEntries(sources) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.workflow.nodes.filter(({ id }) => id !== 'use');
}

function walkNodes(nodes: readonly WorkflowNode[], given: readonly string[], around: Given = {}) {
  const stubs = parseStubs(given, nodes);
  if (!stubs.ok) throw new Error(JSON.stringify(stubs.faults));
  const { inputs = { word: 'x' }, service = 'acme/api' } = around;
  return walk({ nodes, inputs, service, stubs: stubs.stubs });
}

/** `2 test runs`, and how the task ends. */
function story(yaml: string, given: readonly string[] = [], around: Given = {}): string[] {
  const { nodes, end } = walkNodes(nodesOf(yaml, around.includes), given, around);
  const lines = nodes.map(({ layer, path, verdict, reason }) =>
    [layer ?? '-', path, verdict, ...(reason === null ? [] : [`(${reason})`])].join(' '),
  );
  return [...lines, Object.values(end).join(' ')];
}

const REPAIR = `
  - { id: bump, bash: make }
  - { id: lint, bash: make }
  - { id: test, bash: make, depends_on: [bump], continue_on_error: true }
  - { id: repair, prompt: Repair., depends_on: [test], when: $test.exit_code != 0 }
  - { id: retest, bash: make, depends_on: [repair] }`;

describe('a walk', () => {
  it('takes what no stub says to go well, in layers', () => {
    expect(story(REPAIR)).toEqual([
      '1 bump runs',
      '1 lint runs',
      '2 test runs',
      '3 repair skipped (when $test.exit_code != 0 is false: $test.exit_code is 0)',
      '4 retest skipped (trigger_rule all_success: repair is skipped)',
      'completed',
    ]);
  });

  it('takes the other branch of a condition by a stub, and says why', () => {
    expect(story(REPAIR, ['test.exit_code=1']).slice(2)).toEqual([
      '2 test runs',
      '3 repair runs (when $test.exit_code != 0 is true: $test.exit_code is 1)',
      '4 retest runs',
      'completed',
    ]);
  });

  it('fails with a node that may not fail, and skips all that follows it', () => {
    expect(story(REPAIR, ['bump.status=failed'])).toEqual([
      '1 bump runs',
      '1 lint runs',
      '2 test skipped (trigger_rule all_success: bump failed)',
      '2 repair skipped (trigger_rule all_success: test is skipped)',
      '2 retest skipped (trigger_rule all_success: repair is skipped)',
      'failed bump',
    ]);
  });

  it.each([
    ['all_done', 'runs'],
    ['one_success', 'runs'],
    ['none_failed_min_one_success', 'skipped'],
    ['all_success', 'skipped'],
  ])('holds to the trigger rule %s', (rule, verdict) => {
    const yaml = `
  - { id: a, bash: make }
  - { id: b, bash: make }
  - { id: c, bash: make, depends_on: [a, b], trigger_rule: ${rule} }`;
    const { nodes } = walkNodes(nodesOf(yaml), ['b.exit_code=2']);
    expect(nodes.find(({ path }) => path === 'c')?.verdict).toBe(verdict);
  });

  it('knows exit codes of commands alone: a comparison with that of an agent is false', () => {
    const yaml = `
  - { id: ask, prompt: Ask. }
  - { id: next, bash: make, depends_on: [ask], when: $ask.exit_code == 0 }`;
    expect(story(yaml)[1]).toBe('2 next skipped (when $ask.exit_code == 0 is false: $ask.exit_code does not exist)');
  });

  it('reads fields of a stubbed output, and inputs, as conditions do', () => {
    const yaml = `
  - { id: look, bash: make }
  - { id: npm, bash: make, depends_on: [look], when: "$look.output.kind == 'npm' && $inputs.word == 'x'" }`;
    expect(story(yaml, ['look.output={"kind":"npm"}'])[1]).toBe(
      "2 npm runs (when $look.output.kind == 'npm' && $inputs.word == 'x' is true: $look.output.kind is npm, $inputs.word is x)",
    );
    expect(story(yaml)[1]).toContain('is false: $look.output.kind is empty');
  });

  it('goes once into a group that repeats, whose nodes see what is before it', () => {
    const yaml = `
  - { id: test, bash: make, continue_on_error: true }
  - id: fix
    depends_on: [test]
    loop_group:
      max_iterations: 3
      until_bash: make
      nodes:
        - { id: repair, prompt: Repair., when: $test.exit_code != 0 }
        - { id: retest, bash: make }
  - { id: after, bash: make, depends_on: [fix], when: $fix.output == 'fine' }`;
    expect(story(yaml, ['fix/retest.output=fine'])).toEqual([
      '1 test runs',
      '2 fix runs',
      '1 fix/repair skipped (when $test.exit_code != 0 is false: $test.exit_code is 0)',
      '1 fix/retest runs',
      "3 after runs (when $fix.output == 'fine' is true: $fix.output is fine)",
      'completed',
    ]);
    expect(story(yaml, ['fix/retest.exit_code=1']).slice(-2)).toEqual([
      '3 after skipped (trigger_rule all_success: fix failed)',
      'failed fix',
    ]);
  });

  it('goes into an included workflow, whose inputs can be made of the repository', () => {
    const inner = `name: inner
inputs: { of: { required: true } }
nodes: [{ id: n, bash: 'echo "$INPUTS_OF"', when: "$inputs.of == 'acme/api'" }]`;
    const yaml = '  - { id: inc, include: inner, with: { of: "{{service}}" } }';
    const around = { includes: { inner } };
    expect(story(yaml, [], around)[1]).toContain('1 inc/n runs');
    expect(story(yaml, [], { ...around, service: 'acme/web' })[1]).toBe(
      '1 inc/n skipped (when $inputs.of == \'acme/api\' is false: $inputs.of is "acme/web")',
    );
  });

  it('fails an included workflow that is given what it does not take', () => {
    const inner = 'name: inner\ninputs: { of: { required: true } }\nnodes: [{ id: n, bash: echo "$INPUTS_OF" }]';
    const yaml =
      '  - { id: look, bash: make }\n  - { id: inc, include: inner, depends_on: [look], with: { of: $look.output } }';
    expect(story(yaml, [], { includes: { inner } }).slice(1)).toEqual([
      '2 inc runs (fails: The required input `of` is missing.)',
      'failed inc',
    ]);
    expect(story(yaml, ['look.output=v'], { includes: { inner } }).at(-1)).toBe('completed');
  });

  it('ends at a cancel, also in a group, with its reason and what would have followed', () => {
    const yaml = `
  - id: g
    loop_group: { max_iterations: 2, until: X, nodes: [{ id: stop, cancel: 'No {{word}} in {{service}}' }] }
  - { id: after, bash: make, depends_on: [g] }`;
    expect(story(yaml)).toEqual([
      '1 g runs',
      '1 g/stop runs',
      '- after skipped (the task ends before)',
      'cancelled No x in {{service}}',
    ]);
  });
});

describe('an approval', () => {
  const approval: ApprovalNode = {
    id: 'gate',
    kind: 'approval',
    message: 'Go on?',
    decisions: [
      { id: 'approve', label: 'approve' },
      { id: 'reject', label: 'reject' },
    ],
    captureResponse: false,
    timeoutMs: 1,
    dependsOn: [],
    when: null,
    triggerRule: 'all_success',
    continueOnError: false,
    retry: null,
    alwaysRun: false,
  };

  it('is taken as decided as its first decision', () => {
    const { nodes, end } = walkNodes([approval], []);
    expect([nodes[0]?.outcome.output, nodes[0]?.assumption, end.status]).toEqual([
      'approve',
      'decided as approve',
      'completed',
    ]);
  });

  it('ends the task by reject, where its decisions are the default ones', () => {
    expect(walkNodes([approval], ['gate.output=reject']).end.status).toBe('cancelled');
    const own = { ...approval, captureResponse: true, decisions: approval.decisions.toReversed() };
    const { nodes, end } = walkNodes([own], ['gate.output=reject']);
    expect([end.status, nodes[0]?.outcome.output]).toEqual(['completed', '{"decision":"reject","text":""}']);
  });
});

describe('what is assumed', () => {
  it('is told for each node, as far as no stub says it', () => {
    const yaml = `
  - { id: a, bash: make }
  - { id: b, bash: make }
  - { id: c, bash: make, continue_on_error: true }
  - { id: d, prompt: Ask. }
  - { id: e, loop: { prompt: Ask., until: DONE, max_iterations: 2 } }
  - { id: f, loop_group: { max_iterations: 2, until: X, nodes: [{ id: n, bash: make }] } }`;
    const { nodes } = walkNodes(nodesOf(yaml), ['b.output=x', 'c.exit_code=3']);
    expect(Object.fromEntries(nodes.map(({ path, assumption }) => [path, assumption]))).toEqual({
      a: 'completed with exit code 0 and an empty output',
      b: 'completed with exit code 0',
      c: 'without output',
      d: 'completed with an empty output',
      e: 'completed in its first iteration with an empty output',
      f: 'ended by its first iteration',
      'f/n': 'completed with exit code 0 and an empty output',
    });
  });
});
