import { DURATION, PERCENT } from '../../src/core/workflow/written/name-patterns.ts';
import { type JsonSchema, partOf } from './workflow-schema.ts';

/** Tables of keys, made from the schema. */

export const code = (text: string): string => `\`${text}\``;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/**
 * Keys of a map with type, default and meaning. Keys of maps within it follow as `loop.prompt`, except those below a key
 * in `apart`, which has a table of its own: the meaning then links to its heading.
 */
export function keyTable(
  schema: JsonSchema,
  keys: readonly string[],
  apart: Readonly<Record<string, string>> = {},
): string {
  return table(
    ['Key', 'Type', 'Default', 'Meaning'],
    keys.flatMap((key) => rowsOf(schema, key, '', apart)),
  );
}

function rowsOf(holder: JsonSchema, key: string, path: string, apart: Readonly<Record<string, string>>): string[][] {
  const property = partOf(holder.properties, key);
  const { description = '', default: value } = property;
  const heading = apart[key];
  const required = Array.isArray(holder.required) && holder.required.includes(key);
  const filledIn = value === undefined ? '' : code(String(value));
  const row = [
    code(`${path}${key}`),
    typeOf(property),
    required ? '_required_' : filledIn,
    heading === undefined ? description : `${description} [Its keys](#${heading})`,
  ];
  return heading === undefined ? [row, ...rowsWithin(property, `${path}${key}`, apart)] : [row];
}

/** Where else an entry stands, its meaning says that it is one as under `services`. */
const isEntryAgain = ({ properties }: JsonSchema, path: string): boolean =>
  Object.keys(properties ?? {}).join(' ') === 'tag names match not' && path !== 'services[]';

function rowsWithin(schema: JsonSchema, path: string, apart: Readonly<Record<string, string>>): string[][] {
  if (isEntryAgain(schema, path)) return [];
  const own = Object.keys(schema.properties ?? {}).flatMap((key) => rowsOf(schema, key, `${path}.`, apart));
  const items = schema.items === undefined ? [] : rowsWithin(schema.items, `${path}[]`, apart);
  return [...own, ...items, ...(schema.anyOf ?? []).flatMap((option) => rowsWithin(option, path, apart))];
}

/** `duration`, `text or list of texts`, `number 1–50`. */
function typeOf(schema: JsonSchema): string {
  if ('const' in schema) return code(String(schema.const));
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.pattern === DURATION) return 'duration';
  if (schema.pattern === PERCENT) return 'percentage';
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return `number ${schema.minimum}–${schema.maximum}`;
    case 'number':
      return `number up to ${schema.maximum}`;
    case 'array':
      return `list of ${severalOf(schema.items)}`;
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? `map of ${severalOf(schema.additionalProperties)}`
        : 'map';
    default:
      return (schema.anyOf ?? []).map(typeOf).join(' or ');
  }
}

function severalOf(schema: JsonSchema | undefined): string {
  if (schema?.pattern === PERCENT) return 'percentages';
  if (schema?.type === 'string') return 'texts';
  if (schema?.type === 'integer') return 'numbers';
  if (schema?.type === 'object') return 'maps';
  if (schema?.anyOf !== undefined) return schema.anyOf.map(severalOf).join(' or ');
  return schema !== undefined && '$ref' in schema ? 'nodes' : 'values';
}
