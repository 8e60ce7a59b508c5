import { taskFails } from '../../core/workflow/graph.ts';
import { groupOutput } from '../../core/workflow/group-output.ts';
import type { WorkflowNode } from '../../core/workflow/types.ts';
import { completed, failed, type NodeResult } from '../node-result.ts';

/**
 * What a list of nodes came to: failed as a task would be, else the output of the last node, in written order, that
 * nothing follows. Costs are recorded with the nodes themselves.
 */
export function groupResult(nodes: readonly WorkflowNode[], results: ReadonlyMap<string, NodeResult>): NodeResult {
  if (taskFails(nodes, results)) {
    const [id, result] = [...results].find(([one, { status }]) => status === 'failed' && mustNotFail(nodes, one)) ?? [];
    if (result !== undefined) {
      const { category, reason, tail } = result;
      return { ...failed(completed(''), category ?? 'command', `failed: node \`${id}\` ${reason}`), tail };
    }
  }
  return completed(groupOutput(nodes, results));
}

const mustNotFail = (nodes: readonly WorkflowNode[], id: string): boolean =>
  nodes.some((node) => node.id === id && !node.continueOnError);
