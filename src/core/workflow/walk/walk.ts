import { resolveInputs } from '../../inputs/resolve-inputs.ts';
import { whenHolds } from '../condition/evaluate.ts';
import { nextNodes, taskFails, upstreamOutcomes } from '../graph.ts';
import { groupOutput } from '../group-output.ts';
import { renderTemplate, type TemplateValues } from '../template.ts';
import type { IncludeNode, LoopFacts, LoopGroupNode, NodeKind, NodeOutcome, WorkflowNode } from '../types.ts';
import { isRejected, leafAssumption, leafOutcome } from './leaf-outcome.ts';
import { triggerReason, whenReason } from './reasons.ts';
import { NO_STUB, type Stub, type Stubs } from './stubs.ts';

export interface WalkedNode {
  /** `test`, and `group/test` in a group or an included workflow. */
  path: string;
  kind: NodeKind;
  /** From 1, within its own list of nodes: what has the same one can run side by side. null: the task ended before. */
  layer: number | null;
  verdict: 'runs' | 'skipped';
  /** Why it is skipped, or what let it run, or why it failed without a stub; null: nothing stood in its way. */
  reason: string | null;
  continueOnError: boolean;
  /** What it is taken to come to. */
  outcome: NodeOutcome;
  stubbed: boolean;
  /** What of that no stub said, as the end of "is taken as …". */
  assumption: string | null;
}

export interface Walk {
  /** By layer, then in written order; the nodes of a group follow it. */
  nodes: readonly WalkedNode[];
  end: { status: 'completed' } | { status: 'failed'; node: string } | { status: 'cancelled'; reason: string };
}

export interface WalkRequest {
  nodes: readonly WorkflowNode[];
  /** After defaults. */
  inputs: Readonly<Record<string, string>>;
  /** owner/name of the repository. */
  service: string;
  stubs: Stubs;
}

/**
 * Which nodes would run in one repository, without running any: the order, the trigger rules and the conditions are the
 * executor's own functions. What no stub says is taken to go well; of a loop that is its first iteration. What runs
 * beside a `cancel` is taken to have started.
 */
export function walk({ nodes, inputs, service, stubs }: WalkRequest): Walk {
  const tour: Tour = { service, stubs, cancelled: null };
  const list = walkList(tour, { nodes, path: '', inputs, outer: new Map(), loop: null });
  if (tour.cancelled !== null) return { nodes: list.walked, end: { status: 'cancelled', reason: tour.cancelled } };
  const failed = failedOf(nodes, list.outcomes);
  return { nodes: list.walked, end: failed ? { status: 'failed', node: failed } : { status: 'completed' } };
}

interface Tour {
  service: string;
  stubs: Stubs;
  /** Set once, with the reason. */
  cancelled: string | null;
}

/** A list of nodes that depend on each other, with what they see. */
interface List {
  nodes: readonly WorkflowNode[];
  path: string;
  inputs: Readonly<Record<string, string>>;
  outer: ReadonlyMap<string, NodeOutcome>;
  loop: LoopFacts | null;
}

interface WalkedList {
  walked: WalkedNode[];
  outcomes: ReadonlyMap<string, NodeOutcome>;
}

const SKIPPED: NodeOutcome = { status: 'skipped', exitCode: null, output: '' };

function walkList(tour: Tour, list: List): WalkedList {
  const outcomes = new Map<string, NodeOutcome>();
  const walked: WalkedNode[] = [];
  for (let layer = 1; tour.cancelled === null; layer += 1) {
    const { ready, skip } = nextNodes(list.nodes, outcomes);
    for (const { id } of skip) outcomes.set(id, SKIPPED);
    for (const node of skip) walked.push(skipped(list, node, layer, triggerReason(node, list.nodes, outcomes)));
    for (const node of ready) {
      const [own, ...inner] = visit(tour, list, node, layer, outcomes);
      outcomes.set(node.id, own.outcome);
      walked.push(own, ...inner);
    }
    if (ready.length === 0) return { walked, outcomes };
  }
  const left = list.nodes.filter(({ id }) => !outcomes.has(id));
  return { walked: [...walked, ...left.map((node) => skipped(list, node, null, 'the task ends before'))], outcomes };
}

function skipped({ path }: List, node: WorkflowNode, layer: number | null, reason: string): WalkedNode {
  const { id, kind, continueOnError } = node;
  const nothing = { outcome: SKIPPED, stubbed: false, assumption: null };
  return { path: `${path}${id}`, kind, layer, verdict: 'skipped', reason, continueOnError, ...nothing };
}

function visit(
  tour: Tour,
  list: List,
  node: WorkflowNode,
  layer: number,
  outcomes: ReadonlyMap<string, NodeOutcome>,
): [WalkedNode, ...WalkedNode[]] {
  const visible = new Map([...list.outer, ...upstreamOutcomes(list.nodes, node.id, outcomes)]);
  const facts = { nodes: visible, inputs: list.inputs };
  const holds = whenHolds(node.when, facts);
  const why = node.when === null ? null : whenReason(node.when, facts, holds);
  if (!holds) return [skipped(list, node, layer, why ?? 'when')];

  const path = `${list.path}${node.id}`;
  const { kind, continueOnError } = node;
  const stub = tour.stubs.get(path);
  const values = { inputs: list.inputs, service: tour.service, nodes: visible, loop: list.loop };
  const { reason = why, walked = [], ...end } = endOf(tour, node, { list, path, values, stub: stub ?? NO_STUB });
  const own = { path, kind, layer, verdict: 'runs', reason, continueOnError, stubbed: stub !== undefined } as const;
  return [{ ...own, ...end }, ...walked];
}

interface Around {
  list: List;
  path: string;
  values: TemplateValues;
  stub: Stub;
}

interface End extends Pick<WalkedNode, 'outcome' | 'assumption'> {
  reason?: string;
  walked?: readonly WalkedNode[];
}

/** Of a reason, so that it is the same in every repository in which the same happens. */
const SERVICE = '{{service}}';

function endOf(tour: Tour, node: WorkflowNode, around: Around): End {
  if (node.kind === 'include') return includeEnd(tour, node, around);
  if (node.kind === 'loop_group') return loopGroupEnd(tour, node, around);
  const outcome = leafOutcome(node, around.stub);
  if (node.kind === 'cancel') tour.cancelled ??= renderTemplate(node.reason, { ...around.values, service: SERVICE });
  if (node.kind === 'approval' && isRejected(node, outcome)) tour.cancelled ??= `${around.path} is decided as reject`;
  return { outcome, assumption: leafAssumption(node, around.stub) };
}

function includeEnd(tour: Tour, node: IncludeNode, { path, values, stub }: Around): End {
  const given = Object.entries(node.with).map(([name, text]) => [name, renderTemplate(text, values)]);
  const resolved = resolveInputs(node.inputs, Object.fromEntries(given));
  if (!resolved.ok) {
    const reason = `fails: ${resolved.faults.map(({ message }) => message).join(' ')}`;
    return { outcome: { status: 'failed', exitCode: null, output: '' }, assumption: null, reason };
  }
  const inner = { nodes: node.nodes, path: `${path}/`, inputs: resolved.values, outer: new Map(), loop: null };
  const list = walkList(tour, inner);
  return { outcome: groupOutcome(node.nodes, list.outcomes, stub), assumption: null, walked: list.walked };
}

function loopGroupEnd(tour: Tour, node: LoopGroupNode, { list, path, values, stub }: Around): End {
  const loop = { iteration: 1, previousOutput: '' };
  const inner = walkList(tour, { ...list, nodes: node.nodes, path: `${path}/`, outer: values.nodes, loop });
  const outcome = groupOutcome(node.nodes, inner.outcomes, stub);
  const assumption = outcome.status === 'completed' ? 'ended by its first iteration' : null;
  return { outcome, assumption, walked: inner.walked };
}

function groupOutcome(
  nodes: readonly WorkflowNode[],
  outcomes: ReadonlyMap<string, NodeOutcome>,
  { status, output }: Stub,
): NodeOutcome {
  if (status === 'failed' || taskFails(nodes, outcomes))
    return { status: 'failed', exitCode: null, output: output ?? '' };
  return { status: 'completed', exitCode: null, output: output ?? groupOutput(nodes, outcomes) };
}

/** The node that fails the task; undefined: none does. */
function failedOf(nodes: readonly WorkflowNode[], outcomes: ReadonlyMap<string, NodeOutcome>): string | undefined {
  return nodes.find((node) => taskFails([node], outcomes))?.id;
}
