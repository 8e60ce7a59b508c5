import { TaskFailure } from '../core/failures.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';

/** Throws the TaskFailure of the first node that failed and may not; a node with `continue_on_error` may. */
export function refuseFailedNodes(run: OpenRun, results: ReadonlyMap<string, NodeResult>): void {
  for (const node of run.fleet.plan.workflow.nodes) {
    const result = results.get(node.id);
    if (result?.status !== 'failed' || node.continueOnError) continue;
    throw new TaskFailure(result.category ?? 'command', `Node \`${node.id}\` ${result.reason}`);
  }
}
