import type { NodeOutcome } from './types.ts';

/** Output as `$( )` of a shell would give it. */
export function withoutLastNewlines(output: string): string {
  // A regular expression would need quadratic time for many newlines in the middle.
  let end = output.length;
  while (output[end - 1] === '\n') end -= output[end - 2] === '\r' ? 2 : 1;
  return output.slice(0, end);
}

/**
 * What stands at `path` in an output read as JSON: texts as they are, other values as JSON.
 * Empty when the output is no JSON or has no such field; an empty path is the whole output.
 */
export function outputField(outcome: Pick<NodeOutcome, 'output'> | undefined, path: readonly string[]): string {
  if (outcome === undefined) return '';
  if (path.length === 0) return withoutLastNewlines(outcome.output);
  let value: unknown = parsedOutput(outcome);
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return '';
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return typeof value === 'string' ? value : stringify(value);
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    // Nested more deeply than the stack reaches.
    if (error instanceof RangeError) return '';
    throw error;
  }
}

/** Conditions and templates can ask for hundreds of fields of one output of a mebibyte. */
const PARSED = new WeakMap<object, { output: string; value: unknown }>();

function parsedOutput(outcome: Pick<NodeOutcome, 'output'>): unknown {
  const known = PARSED.get(outcome);
  if (known?.output === outcome.output) return known.value;
  const value = parseJson(outcome.output);
  PARSED.set(outcome, { output: outcome.output, value });
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
