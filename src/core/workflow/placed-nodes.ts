import { allUpstream } from './graph.ts';
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

interface Placed {
  all: readonly PlacedNode[];
  /** Of two nodes with one id, the first. */
  byId: ReadonlyMap<string, PlacedNode>;
}

/** Rules ask for every reference of a file, and a list of nodes never changes. */
const PLACED = new WeakMap<readonly WorkflowNode[], Placed>();

/** Every node of the file, those of groups after their group. Nodes of an included workflow belong to its own file. */
export const placedNodes = (workflow: Pick<Workflow, 'nodes'>): readonly PlacedNode[] => placedOf(workflow).all;

export const placedById = (workflow: Pick<Workflow, 'nodes'>): ReadonlyMap<string, PlacedNode> =>
  placedOf(workflow).byId;

function placedOf({ nodes }: Pick<Workflow, 'nodes'>): Placed {
  const known = PLACED.get(nodes);
  if (known !== undefined) return known;
  const all = place(nodes, ['nodes'], new Set(), false);
  const placed = { all, byId: new Map(all.toReversed().map((one) => [one.node.id, one])) };
  PLACED.set(nodes, placed);
  return placed;
}

function place(nodes: readonly WorkflowNode[], at: Path, around: ReadonlySet<string>, inLoop: boolean): PlacedNode[] {
  const before = allUpstream(nodes);
  return nodes.flatMap((node, index) => {
    const upstream = new Set([...around, ...(before.get(node.id) ?? [])]);
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
