import type { NodeRow } from '../store/contract/nodes.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';
import { type NodeRun, pathOf } from './scope.ts';

const MAX_TAIL = 8 * 1024;

/** Writes where a node stands, and what it cost, under the task's fence. */
export async function recordNode(
  run: OpenRun,
  of: Pick<NodeRun, 'node' | 'scope'>,
  at: 'running' | NodeResult,
): Promise<void> {
  const { context, task } = run;
  const nodeId = pathOf(of);
  const now = context.clock.now();
  await context.store.write(async (tx) => {
    const recorded = await tx.nodes.ofTask(task.id, task.attempt);
    const startedAt = recorded.find((row) => row.nodeId === nodeId)?.startedAt ?? now;
    const row = { taskId: task.id, attempt: task.attempt, nodeId, kind: of.node.kind };
    await tx.nodes.put(task, { ...row, ...stateOf(at, startedAt, now) }, now);
    if (at !== 'running' && at.costUsd !== null) await tx.tasks.recordCost(task, at.costUsd);
  });
}

function stateOf(
  at: 'running' | NodeResult,
  startedAt: number,
  now: number,
): Omit<NodeRow, 'taskId' | 'attempt' | 'nodeId' | 'kind'> {
  if (at === 'running') {
    return { status: at, exitCode: null, output: '', tail: '', logFile: null, costUsd: null, startedAt, endedAt: null };
  }
  const { status, exitCode, output, logFile, costUsd } = at;
  return { status, exitCode, output, tail: at.tail.slice(-MAX_TAIL), logFile, costUsd, startedAt, endedAt: now };
}
