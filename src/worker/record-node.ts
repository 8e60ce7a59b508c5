import type { ApprovalNode } from '../core/workflow/types.ts';
import type { NodeRow } from '../store/contract/nodes.ts';
import type { OpenRun } from './context.ts';
import { NOTHING_RAN, type NodeResult } from './node-result.ts';
import { type NodeRun, pathOf } from './scope.ts';

const MAX_TAIL = 8 * 1024;

/** @returns when the node started, epoch milliseconds */
export async function recordStart(run: OpenRun, of: Pick<NodeRun, 'node' | 'scope'>): Promise<number> {
  const startedAt = run.context.clock.now();
  await record(run, of, { ...NOT_ENDED, status: 'running', startedAt });
  return startedAt;
}

/** Writes what a node came to under the task's fence. The task's costs are recorded as sessions end: budget.ts. */
export async function recordEnd(
  run: OpenRun,
  of: Pick<NodeRun, 'node' | 'scope'>,
  { output, tail, ...result }: NodeResult,
  startedAt: number,
): Promise<void> {
  await record(run, of, {
    ...result,
    // Only the workflow's own nodes are read again, for the pull request: a loop's outputs together can be gigabytes.
    output: of.scope.path === '' ? output : '',
    tail: tail.slice(-MAX_TAIL),
    startedAt,
    endedAt: run.context.clock.now(),
  });
}

/** The node waits for a person from now on. */
export async function recordQuestion(run: OpenRun, of: NodeRun<ApprovalNode>, message: string): Promise<void> {
  const { context, task } = run;
  const { node } = of;
  const { id: taskId, attempt } = task;
  const nodeId = pathOf(of);
  const askedAt = context.clock.now();
  const row = {
    ...NOT_ENDED,
    taskId,
    attempt,
    nodeId,
    kind: node.kind,
    status: 'waiting',
    startedAt: askedAt,
  } as const;
  await context.store.write(async (tx) => {
    await tx.nodes.put(task, row, askedAt);
    const { decisions } = node;
    const expiresAt = askedAt + node.timeoutMs;
    await tx.approvals.ask(task, { taskId, attempt, nodeId, message, decisions, askedAt, expiresAt });
  });
}

const NOT_ENDED = { ...NOTHING_RAN, endedAt: null, category: null, reason: '' } as const;

async function record(
  { context, task }: OpenRun,
  of: Pick<NodeRun, 'node' | 'scope'>,
  state: Omit<NodeRow, 'taskId' | 'attempt' | 'nodeId' | 'kind'>,
): Promise<void> {
  const row = { taskId: task.id, attempt: task.attempt, nodeId: pathOf(of), kind: of.node.kind, ...state };
  await context.store.write((tx) => tx.nodes.put(task, row, context.clock.now()));
}
