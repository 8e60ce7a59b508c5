import { whenHolds } from '../core/workflow/condition/evaluate.ts';
import { nextNodes, upstreamOutcomes } from '../core/workflow/graph.ts';
import type { NodeOutcome, WorkflowNode } from '../core/workflow/types.ts';
import type { OpenRun } from './context.ts';
import { completed, failed, NOTHING_RAN, type NodeResult, SKIPPED } from './node-result.ts';
import { recordEnd, recordStart } from './record-node.ts';
import { runNode } from './run-node.ts';
import { type Scope, workflowScope } from './scope.ts';
import { TaskCancelled, TaskStopped } from './task-cancelled.ts';

/** Runs the workflow's nodes; what stops the task is thrown. */
export const runDag = (run: OpenRun): Promise<ReadonlyMap<string, NodeResult>> => runGraph(run, workflowScope(run));

/** Runs the nodes in the order of the graph, those that can run side by side at once, and records each. */
async function runGraph(around: OpenRun, scope: Scope): Promise<ReadonlyMap<string, NodeResult>> {
  const stop = new AbortController();
  const run: OpenRun = { ...around, signal: AbortSignal.any([around.signal, stop.signal]) };
  const results = new Map<string, NodeResult>();
  const running = new Map<string, Promise<void>>();
  const errors: unknown[] = [];
  const halt = (error: unknown): false => {
    errors.push(error);
    stop.abort();
    return false;
  };

  async function startNext(): Promise<boolean> {
    const { ready, skip: skipped } = nextNodes(scope.nodes, statuses(results, running));
    for (const node of ready) {
      const carried = carryOut(run, scope, node, results).catch((error: unknown) => void halt(error));
      running.set(
        node.id,
        carried.finally(() => running.delete(node.id)),
      );
    }
    for (const node of skipped) results.set(node.id, await skip(run, scope, node));
    return ready.length + skipped.length > 0;
  }

  for (;;) {
    const moved = run.signal.aborted ? false : await startNext().catch(halt);
    // After an error too: the workspace is not left while another node still writes to it.
    if (running.size > 0) await Promise.race(running.values());
    else if (!moved) break;
  }
  if (errors.length > 0) throw errors[0];
  if (run.signal.aborted) throw new TaskStopped();
  const lost = scope.nodes.find(({ id }) => !results.has(id));
  if (lost !== undefined) throw new Error(`The node ${scope.path}${lost.id} came to nothing.`);
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
  const startedAt = await recordStart(run, of);
  const result = await runNode(run, of, runGraph).catch(async (error: unknown) => {
    // A row that says "running" would say so for ever; a lost fence is told by the error itself.
    await recordEnd(run, of, stoppedAt(node, error), startedAt).catch(() => undefined);
    throw error;
  });
  await recordEnd(run, of, result, startedAt);
  results.set(node.id, result);
}

/** What is recorded of a node that ended its task: a cancel did what it is for, anything else was stopped. */
const stoppedAt = ({ kind }: WorkflowNode, error: unknown): NodeResult =>
  kind === 'cancel' && error instanceof TaskCancelled
    ? completed(error.message)
    : failed(NOTHING_RAN, 'cancelled', 'was stopped.');

async function skip(run: OpenRun, scope: Scope, node: WorkflowNode): Promise<NodeResult> {
  await recordEnd(run, { node, scope }, SKIPPED, run.context.clock.now());
  return SKIPPED;
}
