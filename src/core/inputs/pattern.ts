import { RE2JS, RE2JSException } from 're2js';

export const MAX_LENGTH = 512;
/** Instructions of RE2's program: a match takes at most about this many steps for each character. */
const MAX_STEPS = 600;

interface CompiledPattern {
  ok: true;
  /** Steps for each character of a value, at most. */
  steps: number;
  /** Whether the pattern is found in the value; it is anchored only where its author wrote so. */
  matches(value: string): boolean;
}

export type Pattern = CompiledPattern | { ok: false; message: string; hint: string };

/**
 * RE2's syntax (https://github.com/google/re2/wiki/Syntax), which matches in linear time: a pattern comes from whoever
 * can write to a repository, and JavaScript's own expressions can be made to run for ever on the server's only thread.
 */
export function compilePattern(pattern: string): Pattern {
  if (pattern.length > MAX_LENGTH) {
    const message = `it has more than ${MAX_LENGTH} characters.`;
    return { ok: false, message, hint: 'Shorten it, or check the value in a node.' };
  }
  try {
    const compiled = RE2JS.compile(pattern);
    const steps = compiled.programSize();
    if (steps <= MAX_STEPS) return { ok: true, steps, matches: (value) => compiled.test(value) };
    const message = `written out, its repetitions make ${steps} steps; ${MAX_STEPS} are allowed.`;
    return { ok: false, message, hint: 'Repeat less often, for example `+` instead of `{1,1000}`.' };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const hint = "Write RE2's syntax in single quotes: it has no look-around and no back-references.";
    return { ok: false, message: `${error.message}.`, hint };
  }
}
