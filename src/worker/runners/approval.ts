import { redact } from '../../core/render/redact.ts';
import { decisionOutput, endsTask } from '../../core/workflow/decisions.ts';
import { renderTemplate } from '../../core/workflow/template.ts';
import type { ApprovalNode } from '../../core/workflow/types.ts';
import type { ApprovalAnswer } from '../../store/contract/approvals.ts';
import type { OpenRun } from '../context.ts';
import { completed, failed, NOTHING_RAN, type NodeResult } from '../node-result.ts';
import { recordEnd, recordQuestion } from '../record-node.ts';
import { type NodeRun, pathOf } from '../scope.ts';
import { TaskCancelled } from '../task-cancelled.ts';
import { templateValues } from '../template-values.ts';

/** Of what people are asked; it can hold outputs of nodes. */
const MAX_MESSAGE = 8_000;

/**
 * Asks, or does what was decided since. null: nobody has decided yet.
 * Throws TaskCancelled for a decision that ends the task.
 */
export async function runApproval(run: OpenRun, of: NodeRun<ApprovalNode>): Promise<NodeResult | null> {
  const { context, task } = run;
  const { node } = of;
  const asked = (await context.store.read.approvals.ofTask(task.id, task.attempt)).find(
    ({ nodeId }) => nodeId === pathOf(of),
  );
  if (asked === undefined) {
    const message = renderTemplate(node.message, templateValues(run, of));
    const near = redact(message.slice(0, MAX_MESSAGE * 2)).trim();
    await recordQuestion(run, of, near.length <= MAX_MESSAGE ? near : `${near.slice(0, MAX_MESSAGE).toWellFormed()} …`);
    return null;
  }
  if (asked.answer === null) return null;
  const result = resultOf(node, asked.answer);
  await recordEnd(run, of, result, asked.askedAt);
  if (asked.answer.kind === 'decided' && endsTask(node, asked.answer.decision)) {
    throw new TaskCancelled(rejection(node, asked.answer));
  }
  return result;
}

function resultOf(node: ApprovalNode, answer: ApprovalAnswer): NodeResult {
  switch (answer.kind) {
    case 'decided':
      return completed(decisionOutput(node, answer.decision, answer.text));
    case 'expired':
      return failed(NOTHING_RAN, 'timeout', 'was not decided in time.');
  }
}

function rejection({ id }: ApprovalNode, { by, text }: Extract<ApprovalAnswer, { kind: 'decided' }>): string {
  return `${by.login} rejected \`${id}\`${text === '' ? '.' : `: ${text}`}`;
}
