import { whenHolds } from '../core/workflow/condition/evaluate.ts';
import { nextNodes, upstreamOutcomes } from '../core/workflow/graph.ts';
import type { NodeOutcome, WorkflowNode } from '../core/workflow/types.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';
import { recordNode } from './record-node.ts';
import { runNode } from './run-node.ts';
import { TaskCancelled } from './task-cancelled.ts';

/** Runs the nodes in the order of the graph, those that can run side by side at once, and records each. */
export async function runDag(run: OpenRun): Promise<ReadonlyMap<string, NodeResult>> {
  const { nodes } = run.fleet.plan.workflow;
  const results = new Map<string, NodeResult>();
  const running = new Map<string, Promise<void>>();
  for (;;) {
    if (!run.signal.aborted) {
      const next = nextNodes(nodes, statuses(results, running));
      for (const node of next.skip) results.set(node.id, await skip(run, node));
      for (const node of next.ready) {
        running.set(
          node.id,
          carryOut(run, node, results).finally(() => running.delete(node.id)),
        );
      }
    }
    if (running.size === 0) break;
    try {
      await Promise.race(running.values());
    } catch (error) {
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

async function carryOut(run: OpenRun, node: WorkflowNode, results: Map<string, NodeResult>): Promise<void> {
  const { workflow, inputs } = run.fleet.plan;
  const upstream = upstreamOutcomes(workflow.nodes, node.id, results);
  if (!whenHolds(node.when, { nodes: upstream, inputs })) {
    results.set(node.id, await skip(run, node));
    return;
  }
  await recordNode(run, node, 'running');
  const result = await runNode(run, node, upstream);
  await recordNode(run, node, result);
  results.set(node.id, result);
}

async function skip(run: OpenRun, node: WorkflowNode): Promise<NodeResult> {
  await recordNode(run, node, SKIPPED);
  return SKIPPED;
}

const SKIPPED: NodeResult = {
  status: 'skipped',
  exitCode: null,
  output: '',
  tail: '',
  logFile: null,
  costUsd: null,
  category: null,
  reason: '',
};
