import type { GraphNode } from './graph.ts';
import type { NodeOutcome } from './types.ts';

/** Output of a list of nodes: that of the last completed one, in written order, that nothing follows; else empty. */
export function groupOutput(
  nodes: readonly GraphNode[],
  outcomes: ReadonlyMap<string, Pick<NodeOutcome, 'status' | 'output'>>,
): string {
  const followed = new Set(nodes.flatMap(({ dependsOn }) => dependsOn));
  const last = nodes.findLast(({ id }) => !followed.has(id) && outcomes.get(id)?.status === 'completed');
  return last === undefined ? '' : (outcomes.get(last.id)?.output ?? '');
}
