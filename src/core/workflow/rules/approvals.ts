import { placedNodes } from '../placed-nodes.ts';
import type { Finding, Rule } from './finding.ts';

/** A wait parks the whole task, and what has run is known of the top level alone. */
export const approvals: Rule = function* (workflow) {
  for (const { node, path, inLoop } of placedNodes(workflow)) {
    if (node.kind !== 'approval') continue;
    if (inLoop) {
      const message = `The approval \`${node.id}\` stands in a group.`;
      yield { path, code: 'approval', message, hint: 'Ask at the top level, before or after the group.' };
    }
    const seen = new Set<string>();
    for (const [index, { id }] of node.decisions.entries()) {
      const fault: Pick<Finding, 'path' | 'code'> = {
        path: [...path, 'approval', 'decisions', index, 'id'],
        code: 'approval',
      };
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) || id.length > 40) {
        const hint = 'Use small letters, digits and `-`: needs-work. `label` is what people read.';
        yield { ...fault, message: `\`${id.slice(0, 80)}\` cannot be a decision.`, hint };
      }
      if (seen.has(id)) yield { ...fault, message: `The decision \`${id}\` stands here twice.`, hint: 'Remove one.' };
      seen.add(id);
    }
  }
};
