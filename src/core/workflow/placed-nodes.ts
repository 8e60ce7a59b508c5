import { upstreamOf } from './graph.ts';
import type { Path } from './read/places.ts';
import type { Workflow, WorkflowNode } from './types.ts';

/** A node with where it is written and what it can see. */
export interface PlacedNode {
  node: WorkflowNode;
  /** `['nodes', 2]`, and within a group `['nodes', 2, 'loop_group', 'nodes', 0]`. */
  path: Path;
  /** Ids whose results it can name: what comes before it, and before every group around it. */
  upstream: ReadonlySet<string>;
  /** In a group that repeats. */
  inLoop: boolean;
}

/** Every node of the file, those of groups after their group. Nodes of an included workflow belong to its own file. */
export function placedNodes({ nodes }: Pick<Workflow, 'nodes'>): PlacedNode[] {
  return place(nodes, ['nodes'], new Set(), false);
}

function place(nodes: readonly WorkflowNode[], at: Path, around: ReadonlySet<string>, inLoop: boolean): PlacedNode[] {
  return nodes.flatMap((node, index) => {
    const upstream = new Set([...around, ...upstreamOf(nodes, node.id)]);
    const path = [...at, index];
    const placed = { node, path, upstream, inLoop };
    if (node.kind !== 'loop_group') return [placed];
    return [placed, ...place(node.nodes, [...path, 'loop_group', 'nodes'], upstream, true)];
  });
}

/** The lists of nodes in which dependencies hold: that of the workflow and that of each group. */
export function nodeLists(workflow: Pick<Workflow, 'nodes'>): { nodes: readonly WorkflowNode[]; path: Path }[] {
  const groups = placedNodes(workflow).flatMap(({ node, path }) =>
    node.kind === 'loop_group' ? [{ nodes: node.nodes, path: [...path, 'loop_group', 'nodes'] }] : [],
  );
  return [{ nodes: workflow.nodes, path: ['nodes'] }, ...groups];
}
