import { redact } from '../core/render/redact.ts';
import type { WorkflowNode } from '../core/workflow/types.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { NodeResult } from './node-result.ts';

const MAX_REPORT = 4_000;
/** How much more than is kept gets redacted; the rest of a huge output would only cost time. */
const NEARBY = 10;

/** The end of a task whose workflow opens no pull requests: its result is what the last node said. */
export function reportOnly(nodes: readonly WorkflowNode[], results: ReadonlyMap<string, NodeResult>): TaskEnd {
  const reason = reportOf(lastResult(nodes, results));
  return {
    status: 'completed',
    outcome: 'unchanged',
    reason: reason === '' ? null : reason,
    pullRequest: null,
    warnings: [],
  };
}

/** Of the last node in written order that nothing follows and that ran, though it failed where it may: its report counts. */
function lastResult(nodes: readonly WorkflowNode[], results: ReadonlyMap<string, NodeResult>): NodeResult | undefined {
  const followed = new Set(nodes.flatMap(({ dependsOn }) => dependsOn));
  const ran = nodes.flatMap(({ id }) => (followed.has(id) ? [] : (results.get(id) ?? [])));
  return ran.findLast(({ status }) => status !== 'skipped');
}

/** A report says the most at its beginning, what failed at its end. */
function reportOf(result: NodeResult | undefined): string {
  if (result === undefined) return '';
  const output = result.output.trim();
  if (result.status !== 'failed') return beginning(output);
  const said = output === '' ? result.tail.trim() : output;
  return said === '' ? `The last node ${result.reason}` : end(said);
}

/** Redacted before it is cut: half a credential has no shape by which it is known. */
function beginning(report: string): string {
  const near = redact(report.slice(0, MAX_REPORT * NEARBY));
  return near.length <= MAX_REPORT ? near : `${near.slice(0, MAX_REPORT).toWellFormed()} …`;
}

function end(report: string): string {
  const near = redact(report.slice(-MAX_REPORT * NEARBY));
  return near.length <= MAX_REPORT ? near : `… ${near.slice(-MAX_REPORT).toWellFormed()}`;
}
