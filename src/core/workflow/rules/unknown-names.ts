import { nearest } from '../../nearest.ts';
import type { Excerpt, Path } from '../read/places.ts';
import type { Workflow } from '../types.ts';
import type { Finding } from './finding.ts';

interface Where {
  path: Path;
  excerpt: Excerpt;
}

/** What is wrong with naming an input here; empty when it is declared. */
export function checkInputName(workflow: Workflow, name: string, where: Where): Finding[] {
  if (Object.hasOwn(workflow.inputs, name)) return [];
  const known = Object.keys(workflow.inputs);
  const near = nearest(name, known);
  const hint = near ? `Did you mean \`${near}\`?` : `Declare it: inputs: { ${name}: { required: true } }`;
  return [{ ...where, code: 'undeclared_input', message: `There is no input \`${name}\`.`, hint }];
}

/** A node and all that comes before it. */
export interface Viewpoint {
  id: string;
  upstream: ReadonlySet<string>;
}

/** What is wrong with naming a node, seen from another one; `from` null: any node may be named. */
export function checkNodeName(workflow: Workflow, name: string, from: Viewpoint | null, where: Where): Finding[] {
  if (!workflow.nodes.some(({ id }) => id === name)) {
    const ids = workflow.nodes.map(({ id }) => id);
    const near = nearest(name, ids);
    const hint = near ? `Did you mean \`${near}\`?` : `Nodes of this workflow: ${ids.slice(0, 20).join(', ')}.`;
    return [{ ...where, code: 'unknown_node', message: `There is no node \`${name}\`.`, hint }];
  }
  if (from === null || from.upstream.has(name)) return [];
  const message = `The node \`${name}\` does not come before \`${from.id}\`, so it has no result here.`;
  return [
    { ...where, code: 'not_upstream', message, hint: `Add \`${name}\` to the \`depends_on\` of \`${from.id}\`.` },
  ];
}
