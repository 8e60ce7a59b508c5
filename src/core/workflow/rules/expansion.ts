import { placedNodes } from '../placed-nodes.ts';
import { MAX_NODES } from '../read/check-nodes.ts';
import type { Workflow, WorkflowNode } from '../types.ts';
import type { Rule } from './finding.ts';

/** Of all nodes as a plan holds them, with a file's text in every node that names the file. */
export const MAX_EXPANDED_BYTES = 4 * 1024 * 1024;

interface Size {
  nodes: number;
  bytes: number;
}

/** An included workflow is one list, however many nodes include it. */
const SIZES = new WeakMap<readonly WorkflowNode[], Size>();

/** Includes multiply: a few small files could make a plan of millions of nodes. */
export const expandedNodes: Rule = function* (workflow) {
  let nodes = 0;
  for (const { node, path } of placedNodes(workflow)) {
    nodes += sizeOfNode(node).nodes;
    if (node.kind !== 'include' || nodes <= MAX_NODES) continue;
    const message = `Up to here the workflow has ${nodes} nodes, those of included workflows counted; ${MAX_NODES} are allowed.`;
    yield { path: [...path, 'include'], code: 'too_many_nodes', message, hint: 'Include less, or split the workflow.' };
    return;
  }
};

export const expandedTexts: Rule = function* (workflow) {
  let bytes = 0;
  for (const { node, path } of placedNodes(workflow)) {
    bytes += sizeOfNode(node).bytes;
    if (bytes <= MAX_EXPANDED_BYTES) continue;
    const message = `Up to here the nodes hold more than ${MAX_EXPANDED_BYTES / 1024 / 1024} MiB, each with the text of the file that it names and the nodes that it includes.`;
    const hint = 'Name a long file in one node, or have the nodes read it from the repository.';
    yield { path, code: 'too_large', message, hint };
    return;
  }
};

/** Nodes of a group follow it in the file and are asked for themselves; those of an included workflow count with it. */
function sizeOfNode(node: WorkflowNode): Size {
  const own = 'nodes' in node ? { ...node, nodes: [] } : node;
  const bytes = Buffer.byteLength(JSON.stringify(own));
  if (node.kind !== 'include') return { nodes: 1, bytes };
  const included = sizeOf(node);
  return { nodes: 1 + included.nodes, bytes: bytes + included.bytes };
}

function sizeOf(included: Pick<Workflow, 'nodes'>): Size {
  const known = SIZES.get(included.nodes);
  if (known !== undefined) return known;
  const size = { nodes: 0, bytes: 0 };
  for (const { node } of placedNodes(included)) {
    const { nodes, bytes } = sizeOfNode(node);
    size.nodes += nodes;
    size.bytes += bytes;
  }
  SIZES.set(included.nodes, size);
  return size;
}
