import { nearest } from '../../nearest.ts';
import { comparisonsOf, parseCondition } from '../condition/parse-condition.ts';
import type { Operand } from '../condition/types.ts';
import { placedNodes } from '../placed-nodes.ts';
import type { ApprovalNode, Workflow } from '../types.ts';
import type { Finding, Rule } from './finding.ts';

/** A comparison with what nobody can decide would be the same in every run, and what was decided would have no effect. */
export const decisions: Rule = function* (workflow) {
  const approvals = approvalsOf(workflow);
  if (approvals.size === 0) return;
  for (const { node, path } of placedNodes(workflow)) {
    const parsed = node.when === null ? null : parseCondition(node.when);
    if (!parsed?.ok) continue;
    for (const { left, right } of comparisonsOf(parsed.condition)) {
      const output = [left, right].find(isOutput);
      const word = [left, right].find((operand) => operand.kind === 'literal');
      const approval = output === undefined ? undefined : approvals.get(output.node);
      if (output === undefined || word === undefined || approval === undefined) continue;
      const fault = faultOf(approval, output.field, String(word.value));
      if (fault !== null) yield { path: [...path, 'when'], excerpt: word.at, code: 'decision', ...fault };
    }
  }
};

function faultOf(
  { id, decisions: known, captureResponse }: ApprovalNode,
  field: readonly string[],
  written: string,
): Pick<Finding, 'message' | 'hint'> | null {
  const shown = written.slice(0, 80);
  if (captureResponse && field.length === 0) {
    const message = `The output of \`${id}\` is JSON, because of \`capture_response\`, and never \`${shown}\`.`;
    return { message, hint: `Compare \`$${id}.output.decision\`.` };
  }
  const ids = known.map((decision) => decision.id);
  const isDecision = captureResponse ? field.join('.') === 'decision' : field.length === 0;
  if (!isDecision || ids.includes(written)) return null;
  const near = nearest(written, ids);
  const hint =
    near === undefined ? `It can be decided as ${ids.slice(0, 20).join(', ')}.` : `Did you mean \`${near}\`?`;
  return { message: `\`${shown}\` is no decision of \`${id}\`.`, hint };
}

const isOutput = (operand: Operand): operand is Extract<Operand, { kind: 'node' }> =>
  operand.kind === 'node' && operand.property === 'output';

/** By id; of two nodes with one id neither is looked at. */
function approvalsOf(workflow: Workflow): Map<string, ApprovalNode> {
  const byId = Map.groupBy(placedNodes(workflow), ({ node }) => node.id);
  const found = new Map<string, ApprovalNode>();
  for (const [id, [placed, ...others]] of byId) {
    if (placed?.node.kind === 'approval' && others.length === 0) found.set(id, placed.node);
  }
  return found;
}
