import { decisionOutput, endsTask } from '../decisions.ts';
import type { NodeOutcome, WorkflowNode } from '../types.ts';
import { hasExitCode, type Stub } from './stubs.ts';

/** A node that holds no others. */
export type LeafNode = Exclude<WorkflowNode, { nodes: unknown }>;

/** What a node that ran comes to: what the stub says, and for the rest that all went well. */
export function leafOutcome(node: LeafNode, { output, exitCode, status }: Stub): NodeOutcome {
  const failed = status === 'failed' || (exitCode ?? 0) !== 0;
  return {
    status: failed ? 'failed' : 'completed',
    exitCode: hasExitCode(node) ? (exitCode ?? (failed ? 1 : 0)) : null,
    output: output ?? (node.kind === 'approval' ? decisionOutput(node, firstDecision(node)) : ''),
  };
}

/** What of it no stub says, as the end of "is taken as …"; null: nothing. */
export function leafAssumption(node: LeafNode, { output, exitCode, status }: Stub): string | null {
  const unsaid = exitCode === null && status === null;
  switch (node.kind) {
    case 'cancel':
      return null;
    case 'approval':
      return output === null && status !== 'failed' ? `decided as ${firstDecision(node)}` : null;
    case 'bash':
    case 'script':
      if (!unsaid) return output === null ? 'without output' : null;
      return `completed with exit code 0${output === null ? ' and an empty output' : ''}`;
    case 'prompt':
    case 'command':
    case 'loop':
      if (!unsaid) return output === null ? 'without output' : null;
      return `completed${node.kind === 'loop' ? ' in its first iteration' : ''}${output === null ? ' with an empty output' : ''}`;
  }
}

const firstDecision = ({ decisions }: Extract<WorkflowNode, { kind: 'approval' }>): string =>
  decisions[0]?.id ?? 'approve';

/** Whether what an approval came to ends the task. */
export const isRejected = (
  node: Extract<WorkflowNode, { kind: 'approval' }>,
  { output }: Pick<NodeOutcome, 'output'>,
): boolean => endsTask(node, 'reject') && output === decisionOutput(node, 'reject');
