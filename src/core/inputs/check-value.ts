import type { InputDefinition } from '../workflow/types.ts';

const MAX_VALUE_BYTES = 8 * 1024;
const MAX_PATTERN_LENGTH = 512;

export interface ValueProblem {
  message: string;
  hint: string;
}

/** Why a pattern is refused. It is used as its author anchored it, with Unicode's rules (`u`). */
export function patternProblem(pattern: string): ValueProblem | null {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    const message = `it has more than ${MAX_PATTERN_LENGTH} characters.`;
    return { message, hint: 'Shorten it, or check the value in a node.' };
  }
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    const message = error instanceof Error ? `${error.message}.` : 'it is no regular expression.';
    return { message, hint: 'Write a JavaScript regular expression in single quotes.' };
  }
  // `(x+)+`: trying to match a value that does not fit takes time that doubles with each character.
  if (/\((?:\?:)?(?:\\.|\[(?:\\.|[^\]\\])*\]|[^\\()[\]])[*+]\)[*+{]/u.test(pattern)) {
    const hint = 'Repeat once: `x+` instead of `(x+)+`.';
    return { message: 'a repeated group that only repeats can take hours to match.', hint };
  }
  return null;
}

/** Why a value of an input is refused; null when it may be used. The definition's pattern compiles (patternProblem). */
export function valueProblem(value: string, definition: InputDefinition): ValueProblem | null {
  const about = definition.description === '' ? '' : ` (${definition.description})`;
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_VALUE_BYTES) {
    const hint = 'Put long texts into a file of the repository.';
    return { message: `the value has ${bytes} bytes; ${MAX_VALUE_BYTES} are allowed.`, hint };
  }
  if (/\p{Cc}/u.test(value) || !value.isWellFormed()) {
    const message = 'the value contains a control character, a line break or broken Unicode.';
    return { message, hint: 'Give it on one line, as plain text.' };
  }
  if (definition.enum !== null && !definition.enum.includes(value)) {
    const message = `${quoted(value)} is not one of the allowed values${about}.`;
    return { message, hint: `Give one of: ${definition.enum.join(', ')}.` };
  }
  if (definition.pattern !== null && !new RegExp(definition.pattern, 'u').test(value)) {
    const message = `${quoted(value)} does not match the pattern \`${definition.pattern}\`${about}.`;
    return { message, hint: `Give a value that matches \`${definition.pattern}\`.` };
  }
  const guarded = definition.pattern !== null || definition.enum !== null || definition.allowDash;
  if (!guarded && value.startsWith('-')) {
    const message = `${quoted(value)} begins with \`-\`, so a program could take it for an option.`;
    return { message, hint: 'Give it without the `-`, or let the workflow say `allow_dash: true` for this input.' };
  }
  return null;
}

const quoted = (value: string): string => `"${value.length > 100 ? `${value.slice(0, 100)}...` : value}"`;
