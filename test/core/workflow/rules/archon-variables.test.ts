import { describe, expect, it } from 'vitest';
import { faultsOf, workflowOf } from './faults-of.ts';

describe("Archon's variables are refused, with what to write instead:", () => {
  it.each([
    ['prompt: Do $ARGUMENTS now', '4:16', 'inputs:'],
    ['prompt: Do ${ARGUMENTS} now', '4:16', 'inputs:'],
    ['cancel: $USER_MESSAGE', '4:13', 'input'],
    ['prompt: In $CONTEXT', '4:16', 'issues reach no agent'],
    ['prompt: In $EXTERNAL_CONTEXT', '4:16', 'issues reach no agent'],
    ['prompt: In $ISSUE_CONTEXT', '4:16', 'issues reach no agent'],
    ['prompt: Put it into $ARTIFACTS_DIR/x.md', '4:25', '{{nodes.id.output}}'],
    ['prompt: Read $DOCS_DIR', '4:18', 'folder'],
    ['prompt: Said $LOOP_USER_INPUT', '4:18', 'approval after the loop'],
    ['prompt: Because $REJECTION_REASON', '4:21', 'output of the approval'],
    ['prompt: See $LOOP_PREV.test.output.field here', '4:17', '{{loop.previous_output}}'],
    ['bash: echo "$ARGUMENTS"', '4:17', 'inputs:'],
    ['bash: cp x "${ARTIFACTS_DIR}/x"', '4:17', 'TMPDIR'],
    ['bash: ls $STATE_DIR', '4:14', 'share nothing'],
    ['bash: echo "$WORKFLOW_ID"', '4:17', 'FLEET_ID'],
    ['bash: echo "$LOOP_PREV.test.output"', '4:17', 'LOOP_PREVIOUS_OUTPUT'],
    ['bash: |\n  cat <<EOF\n  $CONTEXT\n  EOF', '6:7', 'issues'],
    ['script: console.log(process.env.ARTIFACTS_DIR)\nruntime: node', '4:25', 'TMPDIR'],
    ["script: console.log(process.env['DOCS_DIR'])\nruntime: node", '4:25', 'folder'],
    ['script: import os; print(os.environ["STATE_DIR"])\nruntime: python', '4:30', 'share nothing'],
    ['script: import os; print(os.getenv("WORKFLOW_ID"))\nruntime: python', '4:30', 'FLEET_ID'],
    ['script: console.log("$ARGUMENTS")\nruntime: node', '4:26', 'inputs:'],
  ])('%j', (node, at, hint) => {
    expect(faultsOf(workflowOf(node))).toEqual([{ at: `${at} archon_variable`, hint: expect.stringContaining(hint) }]);
  });

  it('in a file beside the workflow, where it stands there', async () => {
    const { parseWorkflow } = await import('../../../../src/core/workflow/parse-workflow.ts');
    const surroundings = { files: { 'fix.md': 'Fix it.\nAll of $ARGUMENTS.' }, includes: {} };
    const parsed = parseWorkflow(workflowOf('command: fix'), 'flows/x.yml', surroundings);
    expect(parsed.ok ? [] : parsed.faults).toMatchObject([{ file: 'flows/fix.md', line: 2, column: 8 }]);
  });
});

describe('what only looks like one passes:', () => {
  it.each([
    'bash: ARGUMENTS=--all; ls $ARGUMENTS',
    'bash: while read -r CONTEXT; do echo "$CONTEXT"; done < x',
    'bash: for CONTEXT in a b; do kubectl --context "$CONTEXT" get pods; done',
    'bash: ls "${DOCS_DIR:-docs}"',
    'bash: ls "$DOCS_DIR"\nenv: { DOCS_DIR: docs }',
    "bash: grep -r '$ARGUMENTS' .",
    'bash: "# what $ARGUMENTS was\\necho"',
    "bash: |\n  cat <<'EOF'\n  $CONTEXT\n  EOF",
    'bash: echo "\\$CONTEXT"',
    'bash: echo "$CONTEXT_NAME $MY_CONTEXT"',
    'script: const $CONTEXT = 1; console.log($CONTEXT)\nruntime: node',
    'script: console.log(`${CONTEXT}`)\nruntime: node',
    'prompt: The CONTEXT is what $CONTEXTS say.',
  ])('%j', (node) => {
    expect(faultsOf(workflowOf(node))).toEqual([]);
  });
});
