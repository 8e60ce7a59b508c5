import { whenHolds } from '../core/workflow/condition/evaluate.ts';
import { nextNodes, upstreamOutcomes } from '../core/workflow/graph.ts';
import type { NodeOutcome, WorkflowNode } from '../core/workflow/types.ts';
import type { OpenRun } from './context.ts';
import { type NodeResult, SKIPPED } from './node-result.ts';
import { recordNode } from './record-node.ts';
import { runNode } from './run-node.ts';
import { type Scope, workflowScope } from './scope.ts';
import { TaskCancelled } from './task-cancelled.ts';

/** Runs the workflow's nodes; what stops the task is thrown. */
export const runDag = (run: OpenRun): Promise<ReadonlyMap<string, NodeResult>> => runGraph(run, workflowScope(run));

/** Runs the nodes in the order of the graph, those that can run side by side at once, and records each. */
async function runGraph(around: OpenRun, scope: Scope): Promise<ReadonlyMap<string, NodeResult>> {
  const stop = new AbortController();
  const run: OpenRun = { ...around, signal: AbortSignal.any([around.signal, stop.signal]) };
  const results = new Map<string, NodeResult>();
  const running = new Map<string, Promise<void>>();
  for (;;) {
    if (!run.signal.aborted) {
      const next = nextNodes(scope.nodes, statuses(results, running));
      for (const node of next.skip) results.set(node.id, await skip(run, scope, node));
      for (const node of next.ready) {
        running.set(
          node.id,
          carryOut(run, scope, node, results).finally(() => running.delete(node.id)),
        );
      }
    }
    if (running.size === 0) break;
    try {
      await Promise.race(running.values());
    } catch (error) {
      stop.abort();
      // The workspace is not left while another node still writes to it.
      await Promise.allSettled(running.values());
      throw error;
    }
  }
  if (run.signal.aborted) throw new TaskCancelled();
  return results;
}

function statuses(
  results: ReadonlyMap<string, NodeResult>,
  running: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Pick<NodeOutcome, 'status'>> {
  const now: [string, Pick<NodeOutcome, 'status'>][] = [...running.keys()].map((id) => [id, { status: 'running' }]);
  return new Map([...now, ...results]);
}

async function carryOut(
  run: OpenRun,
  scope: Scope,
  node: WorkflowNode,
  results: Map<string, NodeResult>,
): Promise<void> {
  const upstream = upstreamOutcomes(scope.nodes, node.id, results);
  const visible = new Map<string, NodeOutcome>([...scope.outer, ...upstream]);
  const of = { node, scope, visible };
  if (!whenHolds(node.when, { nodes: visible, inputs: scope.inputs })) {
    results.set(node.id, await skip(run, scope, node));
    return;
  }
  await recordNode(run, of, 'running');
  const result = await runNode(run, of, runGraph);
  await recordNode(run, of, result);
  results.set(node.id, result);
}

async function skip(run: OpenRun, scope: Scope, node: WorkflowNode): Promise<NodeResult> {
  await recordNode(run, { node, scope }, SKIPPED);
  return SKIPPED;
}
