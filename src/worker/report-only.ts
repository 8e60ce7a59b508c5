import type { WorkflowNode } from '../core/workflow/types.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { NodeResult } from './node-result.ts';
import { groupResult } from './runners/group-result.ts';

const MAX_REPORT = 1_000;

/** The end of a task whose workflow opens no pull requests: its result is what the last node said. */
export function reportOnly(nodes: readonly WorkflowNode[], results: ReadonlyMap<string, NodeResult>): TaskEnd {
  const report = groupResult(nodes, results).output.trim();
  const reason = report.length > MAX_REPORT ? `${report.slice(0, MAX_REPORT).toWellFormed()} …` : report;
  return {
    status: 'completed',
    outcome: 'unchanged',
    reason: reason === '' ? null : reason,
    pullRequest: null,
    warnings: [],
  };
}
