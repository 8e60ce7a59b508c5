import { _, Ajv, type CodeKeywordDefinition, type ErrorObject, type KeywordCxt } from 'ajv';
import { RE2JS } from 're2js';
import { MAX_UNIQUE_ITEMS, partsOf, problemOfSize } from './output-format-size.ts';
import type { OutputFormat } from './types.ts';

const MAX_FAULTS = 10;
/** Of a place in the answer, and of what is wrong there; both are as long as an agent or a schema makes them. */
const MAX_PLACE = 200;
const MAX_SAID = 500;
/** A schema that refers to itself twice in one place doubles its work with every level of the answer. */
const MAX_REFERENCES = 100_000;
/** Characters of the answer by parts of the schema: about two seconds of computing. */
export const MAX_WORK = 100_000_000;
/** The same; beyond it the first fault is told alone, as each takes memory. */
const MAX_TO_TELL_ALL = 4_000_000;

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
  try {
    const problem = problemOfSize(format);
    if (problem !== null) return { ok: false, problem };
    const parts = partsOf(format);
    const first = compile(format, false);
    return {
      ok: true,
      check: bounded((value) => {
        const work = JSON.stringify(value).length * parts;
        if (work > MAX_WORK) return [`The answer is too long for a schema of ${parts} parts.`];
        const faults = first(value);
        return faults.length > 0 && work <= MAX_TO_TELL_ALL ? compile(format, true)(value) : faults;
      }),
    };
  } catch (error) {
    return { ok: false, problem: `${(error instanceof Error ? error.message : String(error)).slice(0, 300)}.` };
  }
}

class TooManyReferences extends Error {}

function compile(format: OutputFormat, allErrors: boolean): OutputCheck {
  const ajv = new Ajv({
    allErrors,
    strictSchema: true,
    strictTypes: false,
    strictRequired: false,
    logger: false,
    code: { regExp: pattern },
  });
  let followed = 0;
  const follow = (): void => {
    followed += 1;
    if (followed > MAX_REFERENCES) throw new TooManyReferences();
  };
  rewrite(ajv, '$ref', (context, write) => {
    context.gen.code(_`${context.gen.scopeValue('func', { ref: follow })}()`);
    write();
  });
  // With `allErrors` the pairs would be compared although `maxItems` has refused the list.
  rewrite(ajv, 'uniqueItems', ({ gen, data }, write) => {
    gen.if(_`${data}.length <= ${MAX_UNIQUE_ITEMS}`, write);
  });
  const validate = ajv.compile<unknown>({ ...format });
  return (value) => {
    followed = 0;
    return validate(value) === true ? [] : (validate.errors ?? []).slice(0, MAX_FAULTS).map(sentence);
  };
}

/** What the check runs out of is a fault of the schema or of the answer, never a crash. */
function bounded(check: OutputCheck): OutputCheck {
  return (value) => {
    try {
      return check(value);
    } catch (error) {
      if (error instanceof RangeError) return ['The schema refers to itself without end.'];
      if (error instanceof TooManyReferences) return [`It takes more than ${MAX_REFERENCES} references to check it.`];
      throw error;
    }
  };
}

/** Puts code of ours around that of a keyword. */
function rewrite(ajv: Ajv, keyword: string, around: (context: KeywordCxt, write: () => void) => void): void {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition === 'boolean' || !isCode(definition)) throw new TypeError(`${keyword} is written otherwise`);
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    ...definition,
    code: (context, rule) => around(context, () => definition.code(context, rule)),
  });
}

const isCode = (definition: object): definition is CodeKeywordDefinition & { keyword: string } => 'code' in definition;

function sentence({ instancePath, message = 'is wrong', params, keyword }: ErrorObject): string {
  const allowed: unknown = keyword === 'enum' ? params.allowedValues : undefined;
  const among = Array.isArray(allowed) ? `: ${JSON.stringify(allowed)}` : '';
  const place = instancePath === '' ? 'The answer' : cut(instancePath, MAX_PLACE);
  return `${place} ${cut(`${message}${among}`, MAX_SAID)}.`;
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}...` : text);
