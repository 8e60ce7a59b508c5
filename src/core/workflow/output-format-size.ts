import { isRecord } from './read/record.ts';
import type { OutputFormat } from './types.ts';

export const MAX_BYTES = 64 * 1024;
/** An answer of 1 MiB is held against each of them, in each of its values. */
export const MAX_PARTS = 1000;
/** Items are compared in pairs. */
export const MAX_UNIQUE_ITEMS = 1000;

/** What keeps a schema from being used although it may be a valid one: it could stop the server. null: nothing. */
export function problemOfSize(format: OutputFormat): string | null {
  if (JSON.stringify(format).length > MAX_BYTES) return `it is larger than ${MAX_BYTES / 1024} KiB.`;
  const foreign = forbiddenIn(format, true);
  if (foreign !== null) return foreign;
  const parts = partsOf(format);
  if (parts <= MAX_PARTS) return null;
  return `it has more than ${MAX_PARTS} parts, those of every \`$ref\` counted each time.`;
}

/** A promise is never an answer, and other bases would make references lead elsewhere than they are counted. */
function forbiddenIn(value: unknown, isRoot: boolean): string | null {
  if (Array.isArray(value)) return firstProblem(value);
  if (!isRecord(value)) return null;
  if (Object.hasOwn(value, '$async')) return '`$async` is not supported.';
  if (!isRoot && typeof value.$id === 'string') return '`$id` is not supported below its top.';
  if (typeof value.$ref === 'string' && !/^#(\/|$)/.test(value.$ref))
    return '`$ref` can lead to a place within it only: #/definitions/name.';
  if (value.uniqueItems === true && !(typeof value.maxItems === 'number' && value.maxItems <= MAX_UNIQUE_ITEMS))
    return `\`uniqueItems\` needs a \`maxItems\` of at most ${MAX_UNIQUE_ITEMS} beside it.`;
  return firstProblem(Object.values(value));
}

function firstProblem(values: readonly unknown[]): string | null {
  for (const value of values) {
    const problem = forbiddenIn(value, false);
    if (problem !== null) return problem;
  }
  return null;
}

const WITH_SCHEMAS = [
  ...['items', 'additionalItems', 'contains', 'additionalProperties', 'propertyNames'],
  ...['not', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf'],
];
const WITH_MAPS = ['properties', 'patternProperties', 'dependencies'];
const WITH_VALUES = ['enum', 'required'];

/** Subschemas, and values of `enum` and `required`, with every reference written out; what refers to itself counts once. */
export function partsOf(format: OutputFormat): number {
  const known = new Map<unknown, number>();
  const count = (schema: unknown): number => {
    if (Array.isArray(schema)) return schema.reduce<number>((sum, one) => sum + count(one), 0);
    if (!isRecord(schema)) return 1;
    const before = known.get(schema);
    if (before !== undefined) return before;
    known.set(schema, 1);
    const within = WITH_SCHEMAS.filter((key) => Object.hasOwn(schema, key)).map((key) => schema[key]);
    const mapped = WITH_MAPS.flatMap((key) => (isRecord(schema[key]) ? Object.values(schema[key]) : []));
    const listed = WITH_VALUES.flatMap((key) => (Array.isArray(schema[key]) ? [schema[key].length] : []));
    const referred = typeof schema.$ref === 'string' ? [targetOf(format, schema.$ref)] : [];
    const parts = 1 + listed.reduce((sum, one) => sum + one, 0) + count([...within, ...mapped, ...referred]);
    known.set(schema, parts);
    return parts;
  };
  return count(format);
}

/** `#/definitions/a~1b` leads to `definitions`, `a/b`. */
function targetOf(format: OutputFormat, reference: string): unknown {
  const steps = reference.split('/').slice(1);
  return steps.reduce<unknown>((from, step) => {
    const key = unescaped(step);
    if (Array.isArray(from)) return from[Number(key)];
    return isRecord(from) && Object.hasOwn(from, key) ? from[key] : undefined;
  }, format);
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}
