import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../../src/core/workflow/parse-workflow.ts';
import { parseStubs } from '../../../../src/core/workflow/walk/stubs.ts';

const WORKFLOW = `
name: a
nodes:
  - { id: test, bash: make }
  - { id: ask, prompt: Ask. }
  - id: look
    bash: make
    output_format: { type: object, properties: { kind: { type: string } }, required: [kind] }
  - { id: fix, loop_group: { max_iterations: 2, until: X, nodes: [{ id: retest, bash: make }] } }
`;

function parsed(...given: string[]) {
  const workflow = parseWorkflow(WORKFLOW, 'a.yml');
  if (!workflow.ok) throw new Error(JSON.stringify(workflow.faults));
  return parseStubs(given, workflow.workflow.nodes);
}

describe('stubs', () => {
  it('are read by path, several of one node together, and a value keeps what it holds', () => {
    expect(parsed('test.exit_code=2', 'test.output=a=b.c\nd', 'fix/retest.status=failed', 'ask.output=')).toEqual({
      ok: true,
      stubs: new Map([
        ['test', { output: 'a=b.c\nd', exitCode: 2, status: null }],
        ['fix/retest', { output: null, exitCode: null, status: 'failed' }],
        ['ask', { output: '', exitCode: null, status: null }],
      ]),
    });
  });

  it('become the JSON that the node would have as output, where its format wants some', () => {
    expect(parsed('look.output= {"kind" : "npm"}')).toMatchObject({
      stubs: new Map([['look', { output: '{"kind":"npm"}', exitCode: null, status: null }]]),
    });
  });

  it.each([
    ['test', 'does not say what a node comes to', 'node.exit_code=1'],
    ['=x', 'does not say what a node comes to', 'node.exit_code=1'],
    ['tst.output=x', 'no node `tst`', 'Did you mean `test`?'],
    ['retest.output=x', 'no node `retest`', 'Did you mean `fix/retest`?'],
    ['nothing-like-it.output=x', 'no node `nothing-like-it`', 'test, ask, look, fix, fix/retest'],
    ['test.exitcode=1', 'no `exitcode`', 'Did you mean `exit_code`?'],
    ['test.output.kind=npm', '`output.kind` is only a part', `'test.output={"kind": "..."}'`],
    ['test.exit_code=many', '`many` is no exit code', '0 to 255'],
    ['test.exit_code=256', '`256` is no exit code', '0 to 255'],
    ['test.status=skipped', '`skipped` is no end', 'skipped by its `when`'],
    ['ask.exit_code=1', 'a prompt, which has no exit code', 'status'],
    ['look.output=npm', "does not fit the node's `output_format`: It is no JSON.", 'status=failed'],
    ['look.output={}', "must have required property 'kind'", 'status=failed'],
    ['fix.status=completed', 'is said by its nodes', 'status=failed'],
  ])('%s is refused with what to give', (stub, message, hint) => {
    const read = parsed(stub);
    if (read.ok) throw new Error('it was taken');
    expect(read.faults).toHaveLength(1);
    expect(read.faults[0]?.message).toContain(message);
    expect(read.faults[0]?.hint).toContain(hint);
  });

  it('are refused all at once, and where they contradict each other', () => {
    const read = parsed(
      'a.output=x',
      'test.output=1',
      'test.output=2',
      'fix/retest.exit_code=1',
      'fix/retest.status=completed',
    );
    expect(read.ok ? [] : read.faults.map(({ message }) => message)).toEqual([
      'There is no node `a`.',
      '`test.output` is given more than once.',
      'A command that ended with 1 has failed.',
    ]);
  });
});
