import { nearest } from '../../nearest.ts';
import { placedById } from '../placed-nodes.ts';
import type { Excerpt, Path } from '../read/places.ts';
import type { View } from '../texts.ts';
import type { Workflow } from '../types.ts';
import type { Finding } from './finding.ts';
import { howToSee } from './how-to-see.ts';

interface Where {
  path: Path;
  excerpt: Excerpt;
  file?: string | null;
}

/** What is wrong with naming an input here; empty when it is declared. */
export function checkInputName(
  workflow: Workflow,
  name: string,
  where: Where,
  further: readonly string[] = [],
): Finding[] {
  const known = [...Object.keys(workflow.inputs), ...further];
  if (known.includes(name)) return [];
  const near = nearest(name, known);
  const hint = near ? `Did you mean \`${near}\`?` : `Declare it: inputs: { ${name}: { required: true } }`;
  return [{ ...where, code: 'undeclared_input', message: `There is no input \`${name}\`.`, hint }];
}

/** A node and all that comes before it. */
export type Viewpoint = Pick<View, 'id' | 'upstream'>;

/** What is wrong with naming a node, seen from another one; `from` null: any node may be named. */
export function checkNodeName(workflow: Workflow, name: string, from: Viewpoint | null, where: Where): Finding[] {
  const ids = from === null ? new Set(workflow.nodes.map(({ id }) => id)) : placedById(workflow);
  if (!ids.has(name)) {
    const near = nearest(name, ids.keys());
    const known = [...ids.keys()].slice(0, 20).join(', ');
    const hint = near ? `Did you mean \`${near}\`?` : `Nodes of this workflow: ${known}.`;
    return [{ ...where, code: 'unknown_node', message: `There is no node \`${name}\`.`, hint }];
  }
  if (from === null || from.upstream.has(name)) return [];
  const message = `The node \`${name}\` does not come before \`${from.id}\`, so it has no result here.`;
  return [{ ...where, code: 'not_upstream', message, hint: howToSee(workflow, name, from.id) }];
}
