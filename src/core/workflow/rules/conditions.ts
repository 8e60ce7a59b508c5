import { parseCondition, referencesOf } from '../condition/parse-condition.ts';
import { upstreamOf } from '../graph.ts';
import type { Finding, Rule } from './finding.ts';
import { checkInputName, checkNodeName } from './unknown-names.ts';

export const conditions: Rule = (workflow) =>
  workflow.nodes.flatMap(({ id, when }, index): Finding[] => {
    if (when === null) return [];
    const path = ['nodes', index, 'when'];
    const parsed = parseCondition(when);
    if (!parsed.ok) {
      const { at, message, hint } = parsed.fault;
      return [{ path, excerpt: at, code: 'condition', message, hint }];
    }
    const from = { id, upstream: upstreamOf(workflow.nodes, id) };
    return referencesOf(parsed.condition).flatMap((reference) => {
      const where = { path, excerpt: reference.at };
      return reference.kind === 'input'
        ? checkInputName(workflow, reference.name, where)
        : checkNodeName(workflow, reference.node, from, where);
    });
  });
