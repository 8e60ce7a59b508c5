import type { InputDefinition } from '../workflow/types.ts';
import { compilePattern, type Pattern } from './pattern.ts';

export const MAX_VALUE_BYTES = 8 * 1024;
const SHOWN = 200;

export interface ValueProblem {
  message: string;
  hint: string;
}

/**
 * A check of values of one input: why a value is refused; null when it may be used. Make it once for many values. A
 * pattern that does not compile refuses every value.
 */
export function valueCheck(
  definition: InputDefinition,
  pattern: Pattern | null = definition.pattern === null ? null : compilePattern(definition.pattern),
): (value: string) => ValueProblem | null {
  const about = definition.description === '' ? '' : ` (${cut(definition.description)})`;
  const allowed = definition.enum === null ? null : new Set(definition.enum);
  const guarded = pattern !== null || allowed !== null || definition.allowDash;
  return (value) => {
    const bytes = Buffer.byteLength(value);
    if (bytes > MAX_VALUE_BYTES) {
      const hint = 'Put long texts into a file of the repository.';
      return { message: `the value has ${bytes} bytes; ${MAX_VALUE_BYTES} are allowed.`, hint };
    }
    if (/\p{Cc}/u.test(value) || !value.isWellFormed()) {
      const message = 'the value contains a control character, a line break or broken Unicode.';
      return { message, hint: 'Give it on one line, as plain text.' };
    }
    if (allowed !== null && !allowed.has(value)) {
      const message = `${quoted(value)} is not one of the allowed values${about}.`;
      return { message, hint: `Give one of: ${[...allowed].slice(0, SHOWN).join(', ')}.` };
    }
    if (pattern !== null && !(pattern.ok && pattern.matches(value))) {
      const message = `${quoted(value)} does not match the pattern \`${definition.pattern}\`${about}.`;
      return { message, hint: `Give a value that matches \`${definition.pattern}\`.` };
    }
    if (!guarded && value.startsWith('-')) {
      const message = `${quoted(value)} begins with \`-\`, so a program could take it for an option.`;
      return { message, hint: 'Give it without the `-`, or let the workflow say `allow_dash: true` for this input.' };
    }
    return null;
  };
}

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);

const quoted = (value: string): string => `"${value.length > 100 ? `${value.slice(0, 100)}...` : value}"`;
