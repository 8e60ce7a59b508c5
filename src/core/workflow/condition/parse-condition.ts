import { type Token, tokenize } from './tokens.ts';
import type { Condition, ConditionFault, Operand } from './types.ts';

export type ParsedCondition = { ok: true; condition: Condition } | { ok: false; fault: ConditionFault };

export const MAX_LENGTH = 4096;
const MAX_DEPTH = 32;

interface Reader {
  tokens: readonly Token[];
  next: number;
  depth: number;
}

class Unreadable extends Error {
  readonly fault: ConditionFault;
  constructor(token: Token, message: string, hint: string) {
    super(message);
    this.fault = { at: { offset: token.offset, length: token.length }, message, hint };
  }
}

/** `&&` binds tighter than `||`; a fault carries its offset in the text. */
export function parseCondition(text: string): ParsedCondition {
  if (text.length > MAX_LENGTH) {
    const message = `The condition is longer than ${MAX_LENGTH} characters.`;
    return { ok: false, fault: { at: { offset: 0, length: 1 }, message, hint: 'Decide in a bash node before it.' } };
  }
  const split = tokenize(text);
  if (!split.ok) return split;
  const reader: Reader = { tokens: split.tokens, next: 0, depth: 0 };
  try {
    const condition = readOr(reader);
    const rest = take(reader);
    if (rest.kind !== 'end') throw new Unreadable(rest, 'The condition should end here.', 'Join parts by && or ||.');
    return { ok: true, condition };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, fault: error.fault };
    throw error;
  }
}

function take(reader: Reader): Token {
  const token = reader.tokens[Math.min(reader.next, reader.tokens.length - 1)];
  if (!token) throw new RangeError('a condition without tokens');
  reader.next += 1;
  return token;
}

const peek = (reader: Reader): Token['kind'] | undefined => reader.tokens[reader.next]?.kind;

function readOr(reader: Reader): Condition {
  return readChain(reader, 'or', (inner) => readChain(inner, 'and', readPart));
}

function readChain(reader: Reader, kind: 'and' | 'or', readOne: (reader: Reader) => Condition): Condition {
  const first = readOne(reader);
  const parts = [first];
  while (peek(reader) === kind) {
    take(reader);
    parts.push(readOne(reader));
  }
  return parts.length === 1 ? first : { kind, parts };
}

function readPart(reader: Reader): Condition {
  if (peek(reader) === 'open') return readParentheses(reader);
  const start = take(reader);
  const left = operand(start);
  if (peek(reader) !== 'operator') {
    if (left.kind === 'literal' && typeof left.value === 'boolean') return { kind: 'constant', value: left.value };
    throw new Unreadable(start, 'A comparison is missing.', "Compare it with something: $test.output == 'ok'");
  }
  const operator = take(reader);
  if (operator.kind !== 'operator') throw new RangeError('an operator was seen here');
  return { kind: 'comparison', operator: operator.value, left, right: operand(take(reader)) };
}

function readParentheses(reader: Reader): Condition {
  const open = take(reader);
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) throw new Unreadable(open, 'Too many parentheses are nested.', 'Simplify it.');
  const inner = readOr(reader);
  const close = take(reader);
  if (close.kind !== 'close') throw new Unreadable(close, 'A closing parenthesis is missing.', 'Add `)`.');
  reader.depth -= 1;
  return inner;
}

function operand(token: Token): Operand {
  switch (token.kind) {
    case 'literal':
      return { kind: 'literal', value: token.value, at: { offset: token.offset, length: token.length } };
    case 'reference':
      return reference(token, token.parts);
    case 'end':
      throw new Unreadable(token, 'The condition ends too early.', "Complete it: $test.output == 'ok'");
    case 'operator':
    case 'and':
    case 'or':
    case 'open':
    case 'close':
      throw new Unreadable(
        token,
        'A value is missing before this.',
        'Write a reference, a text in quotes or a number.',
      );
  }
}

function reference(token: Token, parts: readonly string[]): Operand {
  const [head = '', property, ...field] = parts;
  const at = { offset: token.offset, length: token.length };
  if (head === 'inputs' || head === 'INPUTS') {
    if (property !== undefined && field.length === 0) return { kind: 'input', name: property, at };
    throw new Unreadable(token, 'This does not name an input.', 'Write `$inputs.name`.');
  }
  if (property === 'output') return { kind: 'node', node: head, property, field, at };
  if ((property === 'exit_code' || property === 'status') && field.length === 0) {
    return { kind: 'node', node: head, property, field, at };
  }
  const whole = `\`$${head}.output\`, \`$${head}.exit_code\` or \`$${head}.status\``;
  const hint =
    property === undefined
      ? `Write ${whole}; an input is \`$inputs.${inputOf(head)}\`.`
      : `For a field of the output write \`$${[head, 'output', property, ...field].join('.')}\`; there are also ${whole}.`;
  throw new Unreadable(token, 'This is not a known property of a node.', hint);
}

/** Of `INPUTS_VERSION`, as commands have it, `version`. */
const inputOf = (name: string): string => name.replace(/^INPUTS_(?=.)/, '').toLowerCase();

/** The references of a condition, in written order. */
export const referencesOf = (condition: Condition): Exclude<Operand, { kind: 'literal' }>[] =>
  comparisonsOf(condition).flatMap(({ left, right }) => [left, right].filter((operand) => operand.kind !== 'literal'));

/** The comparisons of a condition, in written order. */
export function comparisonsOf(condition: Condition): Extract<Condition, { kind: 'comparison' }>[] {
  switch (condition.kind) {
    case 'constant':
      return [];
    case 'comparison':
      return [condition];
    case 'and':
    case 'or':
      return condition.parts.flatMap(comparisonsOf);
  }
}
