/** The boxes that a tracking issue has at this moment. */
import { createHash } from 'node:crypto';
import { openApprovals } from '../open-approvals.ts';
import type { Plan } from '../plan.ts';
import { repositories } from '../render/amounts.ts';
import { codeSpan } from '../render/safe-text.ts';
import type { Gate } from '../rollout/next-step.ts';
import { isHeld, openingText } from '../rollout/opening.ts';
import { countTasks, gatesOf, rollup } from '../rollup.ts';
import { isRetryable, isTerminal, type TaskStatus } from '../status.ts';
import { type BoxMark, type BoxMeaning, meaningOf } from './box.ts';

/** Times are epoch milliseconds. */
export interface BoxFacts {
  fleet: {
    id: string;
    plan: Plan;
    approvedAt: number | null;
    cancelRequestedAt: number | null;
    endedAt: number | null;
    pausedAt: number | null;
    wave: number;
    gate: Gate | null;
  };
  tasks: readonly { id: string; status: TaskStatus; endedAt: number | null; wave: number }[];
  approvals: readonly {
    taskId: string;
    nodeId: string;
    decisions: readonly { id: string }[];
    expiresAt: number;
    answer: unknown;
  }[];
  /** How often the fleet was held for a person so far. */
  gatesClosed: number;
}

export interface Box extends BoxMark {
  /** Markdown in one line. */
  label: string;
}

/** None unless the fleet waits for a person. */
export function openBoxes(facts: BoxFacts): Box[] {
  const { fleet, tasks } = facts;
  if (fleet.endedAt !== null || fleet.cancelRequestedAt !== null) return [];
  const status = rollup(gatesOf(fleet), countTasks(tasks.map((task) => task.status)));
  switch (status) {
    case 'planned':
    case 'waiting': {
      const moment = momentOf(facts);
      return [...approve(facts), ...retry(facts), cancel(facts)].map(({ means, label }) => ({
        means,
        label,
        token: tokenOf([fleet.id, means, label, moment]),
      }));
    }
    case 'running':
    case 'completed':
    case 'partial':
    case 'failed':
    case 'cancelled':
      return [];
  }
}

interface Unmarked {
  means: BoxMeaning;
  label: string;
}

/** Of the plan, of what holds the fleet, or of the one node that asks: only where a click says all of it. */
function approve({ fleet, tasks, approvals }: BoxFacts): Unmarked[] {
  if (fleet.approvedAt === null) {
    const label = `**Approve**: runs exactly this plan (${repositories(tasks.length)})`;
    return [{ means: 'approve:plan', label }];
  }
  if (isHeld(fleet)) return [{ means: 'approve:gate', label: `**Approve**: ${openingText(fleet, tasks)}` }];
  const open = openApprovals(approvals, tasks).map(({ approval }) => approval);
  const [first, ...others] = open;
  if (first === undefined || others.some(({ nodeId }) => nodeId !== first.nodeId)) return [];
  if (!open.every(({ decisions }) => decisions.some(({ id }) => id === 'approve'))) return [];
  const means = meaningOf(`approve:node:${first.nodeId}`);
  const label = `**Approve** what ${codeSpan(first.nodeId, 80)} asks (${repositories(open.length)})`;
  return means === undefined ? [] : [{ means, label }];
}

function retry({ fleet, tasks }: BoxFacts): Unmarked[] {
  const again = tasks.filter(({ status }) => isRetryable(status)).length;
  if (fleet.gate !== 'halted' || again === 0) return [];
  const label = `**Retry**: runs the workflow again where it failed or was cancelled (${repositories(again)}), once the fleet goes on`;
  return [{ means: 'retry', label }];
}

function cancel({ fleet, tasks }: BoxFacts): Unmarked {
  const left = repositories(tasks.filter(({ status }) => !isTerminal(status)).length);
  const what =
    fleet.approvedAt === null
      ? 'drops this plan; nothing was changed so far'
      : `ends what is left (${left}); open pull requests stay`;
  return { means: 'cancel', label: `**Cancel**: ${what}` };
}

/** Changes with all that a person reads before they tick: then a box of before means nothing any more. */
function momentOf({ fleet, tasks, approvals, gatesClosed }: BoxFacts): unknown {
  return [
    fleet.approvedAt === null,
    fleet.gate,
    gatesClosed,
    fleet.pausedAt,
    openApprovals(approvals, tasks).map(({ approval: { taskId, nodeId, expiresAt } }) => [taskId, nodeId, expiresAt]),
    tasks.flatMap(({ id, status, endedAt }) => (isRetryable(status) ? [[id, endedAt]] : [])),
  ];
}

function tokenOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}
