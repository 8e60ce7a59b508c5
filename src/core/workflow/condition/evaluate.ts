import { outputField } from '../node-output.ts';
import type { NodeOutcome } from '../types.ts';
import { parseCondition } from './parse-condition.ts';
import type { ComparisonOperator, Condition, Operand } from './types.ts';

/** What a condition can look at. A node that is missing here has not run. */
export interface Facts {
  nodes: ReadonlyMap<string, NodeOutcome>;
  inputs: Readonly<Record<string, string>>;
}

/** Whether a node's `when` lets it run; null means always. The rules have parsed it before: an unreadable one throws. */
export function whenHolds(when: string | null, facts: Facts): boolean {
  if (when === null) return true;
  const parsed = parseCondition(when);
  if (!parsed.ok) throw new TypeError(`when: ${parsed.fault.message}`);
  return evaluate(parsed.condition, facts);
}

/**
 * Two numbers, or texts that are numbers, compare as numbers; everything else compares as text, and is neither smaller
 * nor greater. An output loses its last newlines. A field that does not exist is an empty text. An exit code that does
 * not exist makes every comparison false, so that nothing runs because of a command that never ran.
 */
function evaluate(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'constant':
      return condition.value;
    case 'and':
      return condition.parts.every((part) => evaluate(part, facts));
    case 'or':
      return condition.parts.some((part) => evaluate(part, facts));
    case 'comparison': {
      const left = operandValue(condition.left, facts);
      const right = operandValue(condition.right, facts);
      return left !== null && right !== null && compare(condition.operator, left, right);
    }
  }
}

/** null: an exit code that does not exist. */
export function operandValue(operand: Operand, facts: Facts): string | null {
  switch (operand.kind) {
    case 'literal':
      return String(operand.value);
    case 'input':
      return Object.hasOwn(facts.inputs, operand.name) ? (facts.inputs[operand.name] ?? '') : '';
    case 'node': {
      const outcome = facts.nodes.get(operand.node);
      switch (operand.property) {
        case 'output':
          return outputField(outcome, operand.field);
        case 'exit_code':
          return outcome === undefined || outcome.exitCode === null ? null : String(outcome.exitCode);
        case 'status':
          return outcome?.status ?? 'pending';
      }
    }
  }
}

function compare(operator: ComparisonOperator, left: string, right: string): boolean {
  const a = numberOf(left);
  const b = numberOf(right);
  const numeric = a !== null && b !== null;
  const equal = numeric ? a === b : left === right;
  switch (operator) {
    case '==':
      return equal;
    case '!=':
      return !equal;
    case '<':
      return numeric && a < b;
    case '<=':
      return numeric && a <= b;
    case '>':
      return numeric && a > b;
    case '>=':
      return numeric && a >= b;
  }
}

const numberOf = (text: string): number | null => (/^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null);
