import { whenHolds } from '../core/workflow/condition/evaluate.ts';
import { nextNodes, upstreamOutcomes } from '../core/workflow/graph.ts';
import type { NodeOutcome, WorkflowNode } from '../core/workflow/types.ts';
import type { OpenRun } from './context.ts';
import { createJournalKeeper, type JournalKeeper } from './journal.ts';
import { completed, failed, NOTHING_RAN, type NodeResult, SKIPPED } from './node-result.ts';
import { recordEnd, recordStart } from './record-node.ts';
import { refuseFailedNodes } from './refuse-failed-nodes.ts';
import { runNode } from './run-node.ts';
import { runApproval } from './runners/approval.ts';
import { type NodeRun, type Scope, workflowScope } from './scope.ts';
import { TaskCancelled, TaskStopped } from './task-cancelled.ts';
import { TaskDrained } from './task-drained.ts';
import { TaskPaused } from './task-paused.ts';
import { TaskWaiting } from './task-waiting.ts';

/**
 * Runs the workflow's nodes that `known` does not hold; what stops the task is thrown, TaskWaiting where nothing can run
 * before a person decides, TaskPaused or TaskDrained where something could and the fleet is paused or the server stops.
 */
export async function runDag(
  run: OpenRun,
  known: ReadonlyMap<string, NodeResult>,
): Promise<ReadonlyMap<string, NodeResult>> {
  const { atRest } = createJournalKeeper(run, known);
  const walk: Walk = { results: new Map(known), waiting: new Set() };
  await walkGraph(run, workflowScope(run), walk, {
    async mayStart() {
      if (run.draining.aborted) return new TaskDrained();
      return (await run.context.store.read.fleets.isPaused(run.fleet.id)) ? new TaskPaused() : true;
    },
    atRest: (rest) => atRest(walk.results, rest),
  });
  return walk.results;
}

/** A group's nodes, or those of an included workflow: the journal knows their node alone, so a pause or a drain waits for its end. */
async function runGraph(run: OpenRun, scope: Scope): Promise<ReadonlyMap<string, NodeResult>> {
  const walk: Walk = { results: new Map(), waiting: new Set() };
  await walkGraph(run, scope, walk, { mayStart: () => Promise.resolve(true), atRest: () => Promise.resolve() });
  return walk.results;
}

interface Walk {
  results: Map<string, NodeResult>;
  /** Approvals that nobody has decided. */
  waiting: Set<string>;
}

interface Pauses {
  /** Whether another node may start now; else what stops the task where nothing of it runs. */
  mayStart(): Promise<true | TaskPaused | TaskDrained>;
  /** Nothing runs at this moment. */
  atRest(rest: Parameters<JournalKeeper['atRest']>[1]): Promise<void>;
}

/** Runs the nodes in the order of the graph, those that can run side by side at once, and records each. */
async function walkGraph(around: OpenRun, scope: Scope, walk: Walk, { mayStart, atRest }: Pauses): Promise<void> {
  const { results, waiting } = walk;
  const stop = new AbortController();
  const run: OpenRun = { ...around, signal: AbortSignal.any([around.signal, stop.signal]) };
  const running = new Map<string, Promise<void>>();
  const errors: unknown[] = [];
  const halt = (error: unknown): false => {
    errors.push(error);
    stop.abort();
    return false;
  };

  async function startNext(): Promise<boolean> {
    if (running.size === 0) await atRest('between');
    const { ready, skip: skipped } = nextNodes(scope.nodes, statuses(walk, running));
    const start = ready.length === 0 || (await mayStart());
    const started = start === true ? ready : [];
    // Meanwhile a node beside can have stopped the task.
    if (run.signal.aborted) return false;
    for (const node of started) {
      const carried = carryOut(run, scope, node, walk).catch((error: unknown) => void halt(error));
      running.set(
        node.id,
        carried.finally(() => running.delete(node.id)),
      );
    }
    for (const node of skipped) results.set(node.id, await skip(run, scope, node));
    const moved = started.length + skipped.length > 0;
    if (!moved && start !== true && running.size === 0) {
      await atRest('paused');
      throw start;
    }
    return moved;
  }

  for (;;) {
    const before = results.size;
    const moved = run.signal.aborted ? false : await startNext().catch(halt);
    // After an error too: the workspace is not left while another node still writes to it.
    if (running.size > 0) await Promise.race(running.values());
    else if (!moved && results.size === before) break;
  }
  if (errors.length > 0) throw errors[0];
  if (run.signal.aborted) throw new TaskStopped();
  if (waiting.size > 0) {
    // Nobody is asked about a task that has failed already.
    refuseFailedNodes(run, results);
    await atRest('waits');
    throw new TaskWaiting();
  }
  const lost = scope.nodes.find(({ id }) => !results.has(id));
  if (lost !== undefined) throw new Error(`The node ${scope.path}${lost.id} came to nothing.`);
}

function statuses(
  { results, waiting }: Walk,
  running: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Pick<NodeOutcome, 'status'>> {
  const all = new Map<string, Pick<NodeOutcome, 'status'>>();
  for (const id of running.keys()) all.set(id, { status: 'running' });
  for (const id of waiting) all.set(id, { status: 'waiting' });
  for (const [id, result] of results) all.set(id, result);
  return all;
}

async function carryOut(run: OpenRun, scope: Scope, node: WorkflowNode, { results, waiting }: Walk): Promise<void> {
  const upstream = upstreamOutcomes(scope.nodes, node.id, results);
  const visible = new Map<string, NodeOutcome>([...scope.outer, ...upstream]);
  if (!whenHolds(node.when, { nodes: visible, inputs: scope.inputs })) {
    results.set(node.id, await skip(run, scope, node));
    return;
  }
  const result = await carriedOut(run, { node, scope, visible });
  if (result === null) waiting.add(node.id);
  else results.set(node.id, result);
}

/** null: it waits for a person. */
async function carriedOut(run: OpenRun, of: NodeRun): Promise<NodeResult | null> {
  const { node } = of;
  if (node.kind === 'approval') return runApproval(run, { ...of, node });
  const startedAt = await recordStart(run, of);
  const result = await runNode(run, of, runGraph).catch(async (error: unknown) => {
    // A row that says "running" would say so for ever; a lost fence is told by the error itself.
    await recordEnd(run, of, stoppedAt(node, error), startedAt).catch(() => undefined);
    throw error;
  });
  await recordEnd(run, of, result, startedAt);
  return result;
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
