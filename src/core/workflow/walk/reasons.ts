import { clip } from '../../render/safe-text.ts';
import { type Facts, operandValue } from '../condition/evaluate.ts';
import { parseCondition, referencesOf } from '../condition/parse-condition.ts';
import type { Operand } from '../condition/types.ts';
import type { RunnableNode } from '../graph.ts';
import type { NodeOutcome } from '../types.ts';

const MAX_VALUE = 60;

/** `when $test.exit_code != 0 is false: $test.exit_code is 0` */
export function whenReason(when: string, facts: Facts, holds: boolean): string {
  const parsed = parseCondition(when);
  const references = parsed.ok ? referencesOf(parsed.condition) : [];
  const known = new Map(references.map((operand) => [nameOf(operand), valueText(operandValue(operand, facts))]));
  const values = [...known].map(([name, value]) => `${name} ${value}`).join(', ');
  return `when ${when.trim()} is ${holds}${values === '' ? '' : `: ${values}`}`;
}

function nameOf(operand: Exclude<Operand, { kind: 'literal' }>): string {
  if (operand.kind === 'input') return `$inputs.${operand.name}`;
  return ['$'.concat(operand.node), operand.property, ...operand.field].join('.');
}

function valueText(value: string | null): string {
  if (value === null) return 'does not exist';
  if (value === '') return 'is empty';
  return `is ${clip(/^[\w.+-]+$/.test(value) ? value : JSON.stringify(value), MAX_VALUE)}`;
}

/** Which of the nodes before it kept the trigger rule from letting it run. */
export function triggerReason(
  { dependsOn, triggerRule }: RunnableNode,
  nodes: readonly RunnableNode[],
  outcomes: ReadonlyMap<string, Pick<NodeOutcome, 'status'>>,
): string {
  const ends = dependsOn.flatMap((id) => {
    const status = outcomes.get(id)?.status ?? 'skipped';
    const forgiven = status === 'failed' && nodes.some((node) => node.id === id && node.continueOnError);
    if (status === 'completed' || forgiven) return [];
    return [`${id} ${status === 'skipped' ? 'is skipped' : status}`];
  });
  return `trigger_rule ${triggerRule}: ${ends.join(', ')}`;
}
