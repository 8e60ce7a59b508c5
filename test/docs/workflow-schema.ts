import { join } from 'node:path';
import { z } from 'zod';
import { MAX_NODES } from '../../src/core/workflow/read/check-nodes.ts';
import { MAX_INPUTS } from '../../src/core/workflow/read/check-shape.ts';
import type { NodeKind } from '../../src/core/workflow/types.ts';
import { keysOfKind, NODE_KINDS } from '../../src/core/workflow/written/node-kinds.ts';
import { writtenWorkflow } from '../../src/core/workflow/written/written-workflow.ts';
import { defaultOf } from './language-defaults.ts';

/** What is looked at here of a JSON Schema; everything else is kept as it is. */
const jsonSchema = z.looseObject({
  title: z.string().optional(),
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
  get items() {
    return jsonSchema.optional();
  },
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), jsonSchema]).optional();
  },
  get definitions() {
    return z.record(z.string(), jsonSchema).optional();
  },
});
export type JsonSchema = z.infer<typeof jsonSchema>;

/** Where the schema is kept. */
export const SCHEMA_FILE = join(import.meta.dirname, '..', '..', 'docs', 'workflow.schema.json');

/** docs/workflow.schema.json as it has to be. */
export const renderSchema = (): string => `${JSON.stringify(workflowSchema(), null, 2)}\n`;

export const workflowSchema = (): JsonSchema => forEditors(languageSchema());

/**
 * The language as zod has it, and what the rules check beside it, as far as a schema can say it. Draft 7, because
 * yaml-language-server checks files by no later one.
 */
export function languageSchema(): JsonSchema {
  const { $schema, ...written } = jsonSchema.parse(
    z.toJSONSchema(writtenWorkflow, { target: 'draft-07', io: 'input' }),
  );
  const node = partOf(written.definitions, 'node');
  const kinds = Object.fromEntries(NODE_KINDS.map((kind) => [definitionOf(kind), nodeOfKind(kind, node)]));
  const workflow = withProperties(written, {
    inputs: (inputs) => ({ ...inputs, maxProperties: MAX_INPUTS }),
    services: (services) => ({ ...services, anyOf: services.anyOf?.map(withSelectingEntries) }),
    nodes: (nodes) => ({ ...nodes, maxItems: MAX_NODES }),
  });
  return {
    $schema,
    $id: 'urn:flotilla:workflow',
    title: 'Flotilla workflow',
    description: 'A workflow that runs in many repositories and opens a pull request in each that changed.',
    ...withDefaults(workflow, ''),
    definitions: {
      node: {
        title: 'Node',
        description: `One step: an \`id\` and one of ${NODE_KINDS.join(', ')}.`,
        oneOf: NODE_KINDS.map((kind) => ({ $ref: `#/definitions/${definitionOf(kind)}` })),
      },
      ...kinds,
    },
  };
}

export const definitionOf = (kind: NodeKind): string => `${kind}-node`;

/** A node of one kind alone: an editor then offers the keys of this kind, and knows its defaults. */
function nodeOfKind(kind: NodeKind, node: JsonSchema): JsonSchema {
  const keys = ['id', kind, ...keysOfKind(kind).filter((key) => key !== 'id' && key !== kind)];
  const properties = Object.fromEntries(keys.map((key) => [key, partOf(node.properties, key)]));
  const { description } = partOf(node.properties, kind);
  const plain: JsonSchema = {
    title: `${kind} node`,
    description,
    type: 'object',
    properties,
    required: ['id', kind],
    additionalProperties: false,
  };
  return withDefaults(withParts(kind, plain), `${kind}.`);
}

/** What a kind cannot be without, where one of several keys can give it. */
function withParts(kind: NodeKind, node: JsonSchema): JsonSchema {
  switch (kind) {
    case 'script':
      return { ...node, if: { properties: { script: NAMES_ITS_LANGUAGE } }, else: { required: ['runtime'] } };
    case 'loop':
      return withProperties(node, {
        loop: (loop) => ({
          ...loop,
          oneOf: requireOneOf(['prompt', 'command']),
          anyOf: requireOneOf(['until', 'until_bash', 'until_field']),
        }),
      });
    case 'loop_group':
      return withProperties(node, {
        loop_group: (group) => ({ ...group, anyOf: requireOneOf(['until', 'until_bash']) }),
      });
    case 'bash':
    case 'prompt':
    case 'command':
    case 'approval':
    case 'cancel':
    case 'include':
      return node;
  }
}

/** A file beside the workflow whose ending says it: see `runtimeOf`. */
const NAMES_ITS_LANGUAGE: JsonSchema = {
  type: 'object',
  properties: { file: { type: 'string', pattern: '\\.(py|js|mjs|cjs|ts|mts)$' } },
};

const requireOneOf = (keys: readonly string[]): JsonSchema[] => keys.map((key) => ({ required: [key] }));

const withSelectingEntries = (option: JsonSchema): JsonSchema =>
  option.items === undefined
    ? option
    : { ...option, items: { ...option.items, anyOf: requireOneOf(['tag', 'names', 'match']) } };

function withProperties(
  schema: JsonSchema,
  changes: Readonly<Record<string, (property: JsonSchema) => JsonSchema>>,
): JsonSchema {
  const changed = Object.entries(changes).map(([key, change]) => [key, change(partOf(schema.properties, key))]);
  return { ...schema, properties: { ...schema.properties, ...Object.fromEntries(changed) } };
}

/** Puts what normalization fills in beside the key, `path` being `limits.` or `prompt.`. */
const withDefaults = (schema: JsonSchema, path: string): JsonSchema =>
  mapProperties(schema, path, (property, at) => {
    const value = defaultOf(at);
    return value === undefined ? property : { ...property, default: value };
  });

/** Hovers show titles and descriptions, but no defaults. Without a title, editors show the name of the file. */
const forEditors = (schema: JsonSchema): JsonSchema => {
  const told = mapProperties(schema, '', (property, at) => {
    const { default: value, description } = property;
    const more =
      value === undefined || description === undefined ? {} : { description: withDefault(description, value) };
    return { title: at.split('.').at(-1), ...property, ...more };
  });
  if (told.definitions === undefined) return told;
  const definitions = Object.entries(told.definitions).map(([name, one]) => [name, forEditors(one)]);
  return { ...told, definitions: Object.fromEntries(definitions) };
};

const withDefault = (description: string, value: unknown): string => `${description} Default: \`${value}\`.`;

/** Every property of a schema, those within properties and alternatives too. */
function mapProperties(
  schema: JsonSchema,
  path: string,
  change: (property: JsonSchema, path: string) => JsonSchema,
): JsonSchema {
  const within = (inner: JsonSchema): JsonSchema => mapProperties(inner, path, change);
  const mapped = { ...schema };
  if (schema.properties !== undefined) {
    const properties = Object.entries(schema.properties).map(([key, property]) => {
      const at = `${path}${key}`;
      return [key, change(mapProperties(property, `${at}.`, change), at)];
    });
    mapped.properties = Object.fromEntries(properties);
  }
  if (schema.items !== undefined) mapped.items = within(schema.items);
  if (schema.anyOf !== undefined) mapped.anyOf = schema.anyOf.map(within);
  if (typeof schema.additionalProperties === 'object')
    mapped.additionalProperties = within(schema.additionalProperties);
  return mapped;
}

export function partOf(parts: JsonSchema['properties'], name: string): JsonSchema {
  const part = parts?.[name];
  if (part === undefined) throw new RangeError(`the schema has no ${name}`);
  return part;
}
