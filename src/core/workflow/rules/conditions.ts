import { parseCondition, referencesOf } from '../condition/parse-condition.ts';
import { placedNodes } from '../placed-nodes.ts';
import type { Rule } from './finding.ts';
import { checkInputName, checkNodeName } from './unknown-names.ts';

export const conditions: Rule = function* (workflow) {
  for (const { node, path: at, upstream } of placedNodes(workflow)) {
    const { id, when } = node;
    if (when === null) continue;
    const path = [...at, 'when'];
    const parsed = parseCondition(when);
    if (!parsed.ok) {
      const { at: excerpt, message, hint } = parsed.fault;
      yield { path, excerpt, code: 'condition', message, hint };
      continue;
    }
    for (const reference of referencesOf(parsed.condition)) {
      const where = { path, excerpt: reference.at };
      if (reference.kind === 'input') yield* checkInputName(workflow, reference.name, where);
      else yield* checkNodeName(workflow, reference.node, { id, upstream }, where);
    }
  }
};
