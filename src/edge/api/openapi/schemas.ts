import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const LEAST = Number.MIN_SAFE_INTEGER;
const MOST = Number.MAX_SAFE_INTEGER;

/** Gathers schemas with an id as components, so that each is told once. */
export class SchemaComponents {
  readonly #known = new Map<string, unknown>();

  /** `input`: what is sent to us; `output`: what we answer, which may gain fields. */
  add(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _, $defs = {}, ...json } = z.toJSONSchema(schema, { io, override: (at) => plain(at, io) });
    for (const [id, one] of Object.entries($defs)) this.#known.set(id, pointed(one));
    return schemaSchema.parse(pointed(json));
  }

  all(): Record<string, unknown> {
    return Object.fromEntries([...this.#known].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const schemaSchema = z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null);

/** Without what says nothing to a reader. */
function plain({ jsonSchema }: { jsonSchema: JsonSchema }, io: 'input' | 'output'): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.minimum === LEAST) delete jsonSchema.minimum;
  if (jsonSchema.maximum === MOST) delete jsonSchema.maximum;
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** References into the document's components. */
function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === '$ref' && typeof one === 'string' ? one.replace('#/$defs/', '#/components/schemas/') : pointed(one),
    ]),
  );
}
