import type { Excerpt } from '../read/places.ts';

export type Condition =
  | { kind: 'or' | 'and'; parts: readonly Condition[] }
  | { kind: 'comparison'; operator: ComparisonOperator; left: Operand; right: Operand }
  | { kind: 'constant'; value: boolean };

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Operand = Literal | NodeReference | InputReference;

interface Literal {
  kind: 'literal';
  value: string | number | boolean;
  at: Excerpt;
}

interface NodeReference {
  kind: 'node';
  node: string;
  property: 'output' | 'exit_code' | 'status';
  /** Way into the output read as JSON; empty: the whole output. */
  field: readonly string[];
  at: Excerpt;
}

interface InputReference {
  kind: 'input';
  name: string;
  at: Excerpt;
}

export interface ConditionFault {
  at: Excerpt;
  message: string;
  hint: string;
}
