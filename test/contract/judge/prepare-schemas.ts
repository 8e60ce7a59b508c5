import { isObject, type Json, type JsonObject } from '../kept/description.ts';

/** Below these, keys are names of fields, not keywords. */
const NAMED = new Set(['properties', 'patternProperties', 'schemas', 'paths', 'x-webhooks']);

/**
 * OpenAPI 3.0's dialect as JSON Schema: `nullable` becomes what it means. Ajv takes it beside `type` alone, and there
 * only where an enumeration lists null too. JSON pointers stay valid, but for schemas that got an `anyOf` around them.
 */
export function prepareSchemas(value: Json, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((one) => prepareSchemas(one));
  if (!isObject(value)) return value;
  const prepared: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, prepareSchemas(inner, !keysAreNames && NAMED.has(key))]),
  );
  return keysAreNames || prepared.nullable !== true ? prepared : withNull(prepared);
}

function withNull({ nullable: _, ...schema }: JsonObject): JsonObject {
  if (Array.isArray(schema.enum)) {
    const enumeration = schema.enum.includes(null) ? schema.enum : [...schema.enum, null];
    const { type, ...rest } = schema;
    return typeof type === 'string'
      ? { ...rest, type: [type, 'null'], enum: enumeration }
      : { ...rest, enum: enumeration };
  }
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}
