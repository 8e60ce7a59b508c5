import type { NodeRow } from '../store/contract/nodes.ts';
import type { OpenRun } from './context.ts';
import { NOTHING_RAN, type NodeResult } from './node-result.ts';
import { type NodeRun, pathOf } from './scope.ts';

const MAX_TAIL = 8 * 1024;

/** @returns when the node started, epoch milliseconds */
export async function recordStart(run: OpenRun, of: Pick<NodeRun, 'node' | 'scope'>): Promise<number> {
  const startedAt = run.context.clock.now();
  await record(run, of, { ...NOTHING_RAN, status: 'running', startedAt, endedAt: null });
  return startedAt;
}

/** Writes what a node came to, and what it cost, under the task's fence. */
export async function recordEnd(
  run: OpenRun,
  of: Pick<NodeRun, 'node' | 'scope'>,
  { status, exitCode, output, tail, logFile, costUsd }: NodeResult,
  startedAt: number,
): Promise<void> {
  await record(run, of, {
    status,
    exitCode,
    // Only the workflow's own nodes are read again, for the pull request: a loop's outputs together can be gigabytes.
    output: of.scope.path === '' ? output : '',
    tail: tail.slice(-MAX_TAIL),
    logFile,
    costUsd,
    startedAt,
    endedAt: run.context.clock.now(),
  });
}

async function record(
  { context, task }: OpenRun,
  of: Pick<NodeRun, 'node' | 'scope'>,
  state: Omit<NodeRow, 'taskId' | 'attempt' | 'nodeId' | 'kind'>,
): Promise<void> {
  const row = { taskId: task.id, attempt: task.attempt, nodeId: pathOf(of), kind: of.node.kind, ...state };
  await context.store.write(async (tx) => {
    await tx.nodes.put(task, row, context.clock.now());
    if (state.costUsd !== null) await tx.tasks.recordCost(task, state.costUsd);
  });
}
