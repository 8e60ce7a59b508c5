import type { NodeStatus } from '../status.ts';
import type { NodeOutcome, WorkflowNode } from './types.ts';

export type GraphNode = Pick<WorkflowNode, 'id' | 'dependsOn'>;
export type RunnableNode = Pick<WorkflowNode, 'id' | 'dependsOn' | 'continueOnError'>;
/** By node id; a node that is missing is pending. */
export type NodeStatuses = ReadonlyMap<string, Pick<NodeOutcome, 'status'>>;

/** Ids of every node that `id` waits for, directly or not. Safe on cycles; unknown ids are left out. */
export function upstreamOf(nodes: readonly GraphNode[], id: string): ReadonlySet<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<string>();
  const open = [...(byId.get(id)?.dependsOn ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = byId.get(next);
    if (!node || found.has(next)) continue;
    found.add(next);
    for (const upstream of node.dependsOn) open.push(upstream);
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

/**
 * Which pending nodes can run now, and which never will because an upstream was skipped or failed. A failed upstream with
 * `continue_on_error` counts as success. A node is decided once all of its upstream have ended; skips go on to what
 * follows them in the same answer. `when` is not looked at: it is asked of the ready ones.
 */
export function nextNodes<Node extends RunnableNode>(
  nodes: readonly Node[],
  statuses: NodeStatuses,
): { ready: Node[]; skip: Node[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const skip = new Set<Node>();
  const statusOf = (node: RunnableNode): NodeStatus => statuses.get(node.id)?.status ?? 'pending';
  const upstreamResult = (id: string): 'success' | 'no_success' | 'open' => {
    const node = byId.get(id);
    if (!node || skip.has(node)) return 'no_success';
    switch (statusOf(node)) {
      case 'completed':
        return 'success';
      case 'failed':
        return node.continueOnError ? 'success' : 'no_success';
      case 'skipped':
        return 'no_success';
      case 'pending':
      case 'running':
      case 'waiting':
        return 'open';
    }
  };
  const pending = nodes.filter((node) => statusOf(node) === 'pending');
  const ready: Node[] = [];
  for (let changed = true; changed; ) {
    const before = skip.size;
    ready.length = 0;
    for (const node of pending.filter((candidate) => !skip.has(candidate))) {
      const results = node.dependsOn.map(upstreamResult);
      if (results.includes('open')) continue;
      if (results.includes('no_success')) skip.add(node);
      else ready.push(node);
    }
    changed = skip.size > before;
  }
  return { ready, skip: [...skip] };
}

/** A task fails if and only if a node without `continue_on_error` failed, whatever ran after it. */
export function taskFails(nodes: readonly RunnableNode[], statuses: NodeStatuses): boolean {
  return nodes.some((node) => !node.continueOnError && statuses.get(node.id)?.status === 'failed');
}
