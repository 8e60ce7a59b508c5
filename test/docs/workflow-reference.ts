import { join } from 'node:path';
import { type NodeKind, TRIGGER_RULES } from '../../src/core/workflow/types.ts';
import { keysOfKind, kindsOfKey, NODE_KINDS } from '../../src/core/workflow/written/node-kinds.ts';
import { EXAMPLES, WHOLE } from './reference-examples.ts';
import { LIMITS } from './reference-limits.ts';
import {
  INTRODUCTION,
  NODES,
  NOTES,
  OUTPUTS,
  TRIGGER_NOTES,
  VALUES_INTRODUCTION,
  VALUES_NOTES,
} from './reference-prose.ts';
import { code, keyTable, table } from './reference-tables.ts';
import { TRIGGERS, VALUES } from './reference-values.ts';
import { definitionOf, type JsonSchema, languageSchema, partOf } from './workflow-schema.ts';

/** Where the reference is kept. */
export const REFERENCE_FILE = join(import.meta.dirname, '..', '..', 'docs', 'workflow-reference.md');

/** Keys whose maps have a table of their own, with its heading. */
const APART = {
  inputs: 'inputs',
  services: 'services',
  pull_request: 'pull-requests',
  nodes: 'nodes',
  retry: 'retry',
};

/** docs/workflow-reference.md as it has to be. */
export function renderReference(): string {
  const schema = languageSchema();
  const keys = partOf(schema.properties, 'inputs').additionalProperties;
  const bash = schemaOf(schema, 'bash');
  return `${[
    INTRODUCTION,
    fence(WHOLE),
    '## Keys of a workflow',
    allKeys(schema),
    '## Inputs',
    'Each name below `inputs` holds a map: `version: { required: true }`. A name has small letters, digits and `_`, a letter first.',
    allKeys(typeof keys === 'object' ? keys : {}),
    '## Services',
    'Each entry has `tag`, `names` or `match`. Keys of one entry must all fit, entries add up, and case never counts. [More](guides/cross-service-workflows.md#selecting-services)',
    allKeys(optionWithKeys(partOf(schema.properties, 'services'))),
    '## Pull requests',
    '`pull_request: false`, or a map:',
    allKeys(optionWithKeys(partOf(schema.properties, 'pull_request'))),
    '## Nodes',
    NODES,
    table(
      ['Kind', 'What it does', 'Its output'],
      NODE_KINDS.map((kind) => kindRow(schema, kind)),
    ),
    '### Keys for every kind',
    keyTable(bash, keysOfKind('bash').filter(isCommon)),
    table(
      ['`trigger_rule`', 'The node runs when, of the nodes in `depends_on`,'],
      TRIGGER_RULES.map((rule) => [code(rule), TRIGGERS[rule]]),
    ),
    TRIGGER_NOTES,
    '### Retry',
    `Of ${kindsOfKey('retry').map(code).join(', ')}.`,
    allKeys(partOf(bash.properties, 'retry')),
    ...NODE_KINDS.flatMap((kind) => kindSection(schema, kind)),
    '## Values',
    VALUES_INTRODUCTION,
    table(
      ['Value', 'In texts', 'In conditions', 'In commands'],
      VALUES.map(({ value, texts, conditions, variables }) => [value, ...[texts, conditions, variables].map(codes)]),
    ),
    VALUES_NOTES,
    '## Limits',
    'What is over a limit is refused with a message that says where.',
    table(['What', 'At most'], LIMITS),
  ].join('\n\n')}\n`;
}

function kindSection(schema: JsonSchema, kind: NodeKind): string[] {
  const own = keysOfKind(kind).filter((key) => !isCommon(key));
  return [`### ${code(kind)}`, fence(EXAMPLES[kind]), keyTable(schemaOf(schema, kind), own, APART), NOTES[kind]];
}

const kindRow = (schema: JsonSchema, kind: NodeKind): string[] => [
  `[${code(kind)}](#${kind})`,
  schemaOf(schema, kind).description ?? '',
  OUTPUTS[kind],
];

const isCommon = (key: string): boolean => kindsOfKey(key).length === NODE_KINDS.length;

const schemaOf = (schema: JsonSchema, kind: NodeKind): JsonSchema => partOf(schema.definitions, definitionOf(kind));

const allKeys = (map: JsonSchema): string => keyTable(map, Object.keys(map.properties ?? {}), APART);

/** Of `any` or a list of maps, and of `false` or a map: the map. */
function optionWithKeys({ anyOf = [] }: JsonSchema): JsonSchema {
  return anyOf.map((option) => option.items ?? option).find((option) => option.properties !== undefined) ?? {};
}

const fence = (yaml: string): string => `\`\`\`yaml\n${yaml}\`\`\``;

const codes = (texts: readonly string[]): string => (texts.length === 0 ? '–' : texts.map(code).join(', '));
