import type { NodeStatus } from '../status.ts';
import type { NodeOutcome, TriggerRule, WorkflowNode } from './types.ts';

export type GraphNode = Pick<WorkflowNode, 'id' | 'dependsOn'>;
export type RunnableNode = Pick<WorkflowNode, 'id' | 'dependsOn' | 'continueOnError' | 'triggerRule'>;
/** By node id; a node that is missing is pending. */
export type NodeStatuses = ReadonlyMap<string, Pick<NodeOutcome, 'status'>>;

/** Ids of every node that `id` waits for, directly or not. Safe on cycles; unknown ids are left out. */
export const upstreamOf = (nodes: readonly GraphNode[], id: string): ReadonlySet<string> =>
  reachedFrom(directlyBefore(nodes), id);

/** The same of every node, by id. */
export function allUpstream(nodes: readonly GraphNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const before = directlyBefore(nodes);
  return new Map([...before.keys()].map((id) => [id, reachedFrom(before, id)]));
}

/** Known ids that each node names, each once: hostile files repeat them. */
function directlyBefore(nodes: readonly GraphNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ids = new Set(nodes.map(({ id }) => id));
  return new Map(nodes.map(({ id, dependsOn }) => [id, new Set(dependsOn.filter((name) => ids.has(name)))]));
}

function reachedFrom(before: ReadonlyMap<string, ReadonlySet<string>>, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(before.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const upstream of before.get(next) ?? []) if (!found.has(upstream)) open.push(upstream);
  }
  return found;
}

/** The outcomes that a node may see: those of its upstream. */
export function upstreamOutcomes<Outcome>(
  nodes: readonly GraphNode[],
  id: string,
  outcomes: ReadonlyMap<string, Outcome>,
): ReadonlyMap<string, Outcome> {
  const upstream = upstreamOf(nodes, id);
  return new Map([...outcomes].filter(([other]) => upstream.has(other)));
}

/**
 * Each cycle once, as the ids along it, the first one repeated at the end; the first `most` of them. A node that depends
 * on itself is one.
 */
export function cyclePaths(nodes: readonly GraphNode[], most: number): string[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[][] = [];
  const visit = (id: string): void => {
    const start = path.indexOf(id);
    if (cycles.length >= most) return;
    if (start !== -1) cycles.push([...path.slice(start), id]);
    if (start !== -1 || done.has(id)) return;
    path.push(id);
    for (const upstream of new Set(byId.get(id)?.dependsOn)) visit(upstream);
    path.pop();
    done.add(id);
  };
  for (const { id } of nodes) visit(id);
  return cycles;
}

/** How an upstream node ended, as trigger rules see it; `open`: it has not. */
type UpstreamEnd = 'success' | 'failure' | 'skipped' | 'open';

/**
 * Which pending nodes can run now, and which never will, by their trigger rules. A failed upstream with
 * `continue_on_error` counts as success. A node is decided once all of its upstream have ended; skips go on to what
 * follows them in the same answer. `when` is not looked at: it is asked of the ready ones.
 */
export function nextNodes<Node extends RunnableNode>(
  nodes: readonly Node[],
  statuses: NodeStatuses,
): { ready: Node[]; skip: Node[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const skip = new Set<Node>();
  const endOf = (id: string): UpstreamEnd => {
    const node = byId.get(id);
    if (!node || skip.has(node)) return 'skipped';
    return upstreamEnd(node, statuses.get(id)?.status ?? 'pending');
  };
  const pending = nodes.filter(({ id }) => (statuses.get(id)?.status ?? 'pending') === 'pending');
  const ready: Node[] = [];
  for (let changed = true; changed; ) {
    const before = skip.size;
    ready.length = 0;
    for (const node of pending.filter((candidate) => !skip.has(candidate))) {
      const ends = node.dependsOn.map(endOf);
      if (ends.includes('open')) continue;
      if (isTriggered(node.triggerRule, ends)) ready.push(node);
      else skip.add(node);
    }
    changed = skip.size > before;
  }
  return { ready, skip: [...skip] };
}

function upstreamEnd({ continueOnError }: RunnableNode, status: NodeStatus): UpstreamEnd {
  switch (status) {
    case 'completed':
      return 'success';
    case 'failed':
      return continueOnError ? 'success' : 'failure';
    case 'skipped':
      return 'skipped';
    case 'pending':
    case 'running':
    case 'waiting':
      return 'open';
  }
}

/** Of ended upstream nodes; without any, every rule lets a node run. */
function isTriggered(rule: TriggerRule, ends: readonly UpstreamEnd[]): boolean {
  if (ends.length === 0) return true;
  switch (rule) {
    case 'all_success':
      return ends.every((end) => end === 'success');
    case 'one_success':
      return ends.includes('success');
    case 'none_failed_min_one_success':
      return ends.includes('success') && !ends.includes('failure');
    case 'all_done':
      return true;
  }
}

/** A task fails if and only if a node without `continue_on_error` failed, whatever ran after it. */
export function taskFails(nodes: readonly RunnableNode[], statuses: NodeStatuses): boolean {
  return nodes.some((node) => !node.continueOnError && statuses.get(node.id)?.status === 'failed');
}
