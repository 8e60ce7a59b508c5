import { nearest } from '../../nearest.ts';
import type { NodeStatus } from '../../status.ts';
import { comparisonsOf, parseCondition } from '../condition/parse-condition.ts';
import type { Operand } from '../condition/types.ts';
import { placedNodes } from '../placed-nodes.ts';
import type { Rule } from './finding.ts';

const STATUSES = {
  pending: true,
  running: true,
  completed: true,
  failed: true,
  skipped: true,
  waiting: true,
} as const satisfies Record<NodeStatus, true>;

/** People write what other tools call it. */
const OTHER_WORDS: ReadonlyMap<string, NodeStatus> = new Map([
  ['success', 'completed'],
  ['succeeded', 'completed'],
  ['passed', 'completed'],
  ['ok', 'completed'],
  ['done', 'completed'],
  ['failure', 'failed'],
  ['error', 'failed'],
]);

/** A comparison of a status with a word that no node ever has would be false, or true, in every run. */
export const nodeStatuses: Rule = function* (workflow) {
  for (const { node, path } of placedNodes(workflow)) {
    const parsed = node.when === null ? null : parseCondition(node.when);
    if (!parsed?.ok) continue;
    for (const { left, right } of comparisonsOf(parsed.condition)) {
      const status = [left, right].find(isStatus);
      const word = [left, right].find((operand) => operand.kind === 'literal');
      if (status === undefined || word === undefined) continue;
      const written = String(word.value);
      if (Object.hasOwn(STATUSES, written)) continue;
      const meant = OTHER_WORDS.get(written.toLowerCase()) ?? nearest(written, Object.keys(STATUSES));
      const message = `\`${written.slice(0, 80)}\` is no status of a node.`;
      const hint = `${meant ? `Did you mean \`${meant}\`? ` : ''}A node is ${Object.keys(STATUSES).join(', ')}; a field of its output is \`$${status.node}.output.status\`.`;
      yield { path: [...path, 'when'], excerpt: word.at, code: 'node_status', message, hint };
    }
  }
};

const isStatus = (operand: Operand): operand is Extract<Operand, { kind: 'node' }> =>
  operand.kind === 'node' && operand.property === 'status';
