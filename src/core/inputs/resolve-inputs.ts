import { nearest } from '../nearest.ts';
import type { InputDefinition } from '../workflow/types.ts';
import { valueCheck } from './check-value.ts';

/** More unknown inputs of one request help nobody, and looking for the names meant would take seconds. */
const MAX_UNKNOWN = 50;

interface InputFault {
  input: string;
  message: string;
  hint: string;
}

export type ResolvedInputs = { ok: true; values: Record<string, string> } | { ok: false; faults: InputFault[] };

/**
 * Fills defaults in and checks every value; all faults at once (of unknown inputs the first 50). `values` is in declared order and holds no optional input
 * that was neither given nor has a default. Messages quote what was given: neutralize them before they become Markdown.
 */
export function resolveInputs(
  definitions: Readonly<Record<string, InputDefinition>>,
  given: Readonly<Record<string, string>>,
): ResolvedInputs {
  const known = Object.keys(definitions);
  const faults = Object.keys(given)
    .filter((name) => !Object.hasOwn(definitions, name))
    .slice(0, MAX_UNKNOWN)
    .map((name) => unknownInput(name, known));
  const values: [string, string][] = [];
  for (const [input, definition] of Object.entries(definitions)) {
    const value = (Object.hasOwn(given, input) ? given[input] : undefined) ?? definition.default;
    if (definition.required && (value === null || value === '')) faults.push(missing(input, definition));
    if (value === null || (definition.required && value === '')) continue;
    const problem = valueCheck(definition)(value);
    if (problem) faults.push({ input, message: `\`${input}\`: ${problem.message}`, hint: problem.hint });
    values.push([input, value]);
  }
  return faults.length === 0 ? { ok: true, values: Object.fromEntries(values) } : { ok: false, faults };
}

function unknownInput(input: string, known: readonly string[]): InputFault {
  const near = nearest(input, known);
  const all = known.length === 0 ? 'This workflow takes no inputs.' : `Inputs of this workflow: ${known.join(', ')}.`;
  return { input, message: `There is no input \`${input}\`.`, hint: near ? `Did you mean \`${near}\`?` : all };
}

function missing(input: string, { description, enum: allowed, pattern }: InputDefinition): InputFault {
  const about = description === '' ? '' : ` (${description})`;
  const shape = allowed ? ` one of ${allowed.join(', ')}` : pattern === null ? '...' : `..., matching \`${pattern}\``;
  return {
    input,
    message: `The required input \`${input}\`${about} is missing.`,
    hint: `Add ${input}=${shape.trim()}`,
  };
}
