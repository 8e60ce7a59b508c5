import { Ajv, type ErrorObject } from 'ajv';
import { RE2JS } from 're2js';
import type { OutputFormat } from './types.ts';

export const MAX_BYTES = 64 * 1024;
const MAX_FAULTS = 10;

/** What does not fit, as sentences; empty: it fits. */
export type OutputCheck = (value: unknown) => string[];

/** An author's schema meets answers that nobody controls, so its patterns run in time that grows with the text alone. */
function pattern(source: string): { test(text: string): boolean } {
  const compiled = RE2JS.compile(source);
  return { test: (text) => compiled.matcher(text).find() };
}
pattern.code = 'new RegExp';

export function compileOutputFormat(
  format: OutputFormat,
): { ok: true; check: OutputCheck } | { ok: false; problem: string } {
  if (JSON.stringify(format).length > MAX_BYTES)
    return { ok: false, problem: `it is larger than ${MAX_BYTES / 1024} KiB.` };
  const ajv = new Ajv({
    allErrors: true,
    strictSchema: true,
    strictTypes: false,
    strictRequired: false,
    logger: false,
    code: { regExp: pattern },
  });
  try {
    const validate = ajv.compile({ ...format });
    return {
      ok: true,
      check: (value) => {
        try {
          return validate(value) ? [] : (validate.errors ?? []).slice(0, MAX_FAULTS).map(sentence);
        } catch (error) {
          // A schema that refers to itself without end.
          if (error instanceof RangeError) return ['The schema refers to itself without end.'];
          throw error;
        }
      },
    };
  } catch (error) {
    return { ok: false, problem: `${(error instanceof Error ? error.message : String(error)).slice(0, 300)}.` };
  }
}

function sentence({ instancePath, message = 'is wrong', params, keyword }: ErrorObject): string {
  const allowed: unknown = keyword === 'enum' ? params.allowedValues : undefined;
  const among = Array.isArray(allowed) ? `: ${JSON.stringify(allowed)}` : '';
  return `${instancePath === '' ? 'The answer' : instancePath} ${message}${among}.`;
}
