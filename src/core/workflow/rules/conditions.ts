import { parseCondition, referencesOf } from '../condition/parse-condition.ts';
import { upstreamOf } from '../graph.ts';
import type { Rule } from './finding.ts';
import { checkInputName, checkNodeName } from './unknown-names.ts';

export const conditions: Rule = function* (workflow) {
  for (const [index, { id, when }] of workflow.nodes.entries()) {
    if (when === null) continue;
    const path = ['nodes', index, 'when'];
    const parsed = parseCondition(when);
    if (!parsed.ok) {
      const { at, message, hint } = parsed.fault;
      yield { path, excerpt: at, code: 'condition', message, hint };
      continue;
    }
    const from = { id, upstream: upstreamOf(workflow.nodes, id) };
    for (const reference of referencesOf(parsed.condition)) {
      const where = { path, excerpt: reference.at };
      if (reference.kind === 'input') yield* checkInputName(workflow, reference.name, where);
      else yield* checkNodeName(workflow, reference.node, from, where);
    }
  }
};
