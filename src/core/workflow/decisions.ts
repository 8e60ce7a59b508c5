import type { ApprovalNode } from './types.ts';

type Approval = Pick<ApprovalNode, 'decisions' | 'captureResponse'>;

/** What the node says as its output. */
export const decisionOutput = ({ captureResponse }: Approval, decision: string, text = ''): string =>
  captureResponse ? JSON.stringify({ decision, text }) : decision;

/** Whether the decision ends the task: of the two default ones, reject does. */
export const endsTask = ({ decisions }: Approval, decision: string): boolean =>
  decision === 'reject' && decisions.map(({ id }) => id).join(' ') === 'approve reject';
