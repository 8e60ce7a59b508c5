import { isObject, type Json, type JsonObject, pointerStep } from '../kept/description.ts';

/** Below these, keys are names of fields, not keywords. */
const NAMED = new Set(['properties', 'patternProperties', 'schemas', 'paths', 'x-webhooks']);

export interface Prepared {
  schemas: JsonObject;
  /** Where in GitHub's description a schema stands; undefined for what is none of its. */
  pointerOf(schema: unknown): string | undefined;
}

/**
 * OpenAPI 3.0's dialect as JSON Schema: `nullable` becomes what it means. Ajv takes it beside `type` alone, and there
 * only where an enumeration lists null too.
 */
export function prepareSchemas(description: JsonObject): Prepared {
  const pointers = new WeakMap<object, string>();

  function prepare(value: Json, pointer: string, keysAreNames: boolean): Json {
    if (Array.isArray(value)) return value.map((one, index) => prepare(one, `${pointer}/${index}`, false));
    if (!isObject(value)) return value;
    const prepared: JsonObject = Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        prepare(inner, `${pointer}/${pointerStep(key)}`, !keysAreNames && NAMED.has(key)),
      ]),
    );
    const schema = keysAreNames || prepared.nullable !== true ? prepared : withNull(prepared, pointers, pointer);
    pointers.set(schema, pointer);
    return schema;
  }

  const schemas = prepare(description, '#', true);
  return {
    schemas: isObject(schemas) ? schemas : {},
    pointerOf: (schema) => (typeof schema === 'object' && schema !== null ? pointers.get(schema) : undefined),
  };
}

function withNull(
  { nullable: _, ...schema }: JsonObject,
  pointers: WeakMap<object, string>,
  pointer: string,
): JsonObject {
  if (Array.isArray(schema.enum)) {
    const enumeration = schema.enum.includes(null) ? schema.enum : [...schema.enum, null];
    const { type, ...rest } = schema;
    return typeof type === 'string'
      ? { ...rest, type: [type, 'null'], enum: enumeration }
      : { ...rest, enum: enumeration };
  }
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  const orNull = { type: 'null' };
  for (const one of [schema, orNull]) pointers.set(one, pointer);
  return { anyOf: [schema, orNull] };
}
