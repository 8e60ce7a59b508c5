import { MAX_VALUE_BYTES } from '../../src/core/inputs/check-value.ts';
import { MAX_LENGTH as MAX_PATTERN } from '../../src/core/inputs/pattern.ts';
import { MAX_BRANCH_LENGTH } from '../../src/core/workflow/branch.ts';
import { MAX_LENGTH as MAX_CONDITION } from '../../src/core/workflow/condition/parse-condition.ts';
import { MAX_DURATION_MS } from '../../src/core/workflow/duration.ts';
import { MAX_OUTPUT_BYTES } from '../../src/core/workflow/environment.ts';
import { MAX_WORK } from '../../src/core/workflow/output-format.ts';
import {
  MAX_BYTES as MAX_FORMAT_BYTES,
  MAX_PARTS,
  MAX_UNIQUE_ITEMS,
} from '../../src/core/workflow/output-format-size.ts';
import { MAX_NODES } from '../../src/core/workflow/read/check-nodes.ts';
import { MAX_INPUTS } from '../../src/core/workflow/read/check-shape.ts';
import { MAX_ALIASES, MAX_BYTES, MAX_DEPTH } from '../../src/core/workflow/read/read-yaml.ts';
import { MAX_EXPANDED_BYTES } from '../../src/core/workflow/rules/expansion.ts';
import { MAX_NAME_LENGTH } from '../../src/core/workflow/rules/names.ts';
import { MAX_ATTEMPTS, MAX_ITERATIONS } from '../../src/core/workflow/written/written-node.ts';
import { MAX_FILE_BYTES, MAX_FILES, MAX_INCLUDES_DEEP } from '../../src/fleet/load-source.ts';
import { durationText } from './language-defaults.ts';

/** What is limited, and to what. */
export const LIMITS: readonly (readonly [string, string])[] = [
  ['a workflow file', bytes(MAX_BYTES)],
  ['levels of nesting in it', number(MAX_DEPTH)],
  ['YAML aliases (`*name`) in it', number(MAX_ALIASES)],
  ['nodes, those in groups and in included workflows counted', number(MAX_NODES)],
  ['all nodes, each with the text of the file that it names and the nodes that it includes', bytes(MAX_EXPANDED_BYTES)],
  ['inputs', number(MAX_INPUTS)],
  ["a workflow's name, a node's id, an input's name", characters(MAX_NAME_LENGTH)],
  ['the value of an input', `${bytes(MAX_VALUE_BYTES)}, no control characters or line breaks`],
  ['the `pattern` of an input', characters(MAX_PATTERN)],
  ['a branch', characters(MAX_BRANCH_LENGTH)],
  ['a condition', characters(MAX_CONDITION)],
  ['an `output_format`', bytes(MAX_FORMAT_BYTES)],
  [
    'schemas in an `output_format` and values of its `enum` and `required`, those behind each `$ref` counted each time',
    number(MAX_PARTS),
  ],
  ["an answer's characters by these schemas and values", number(MAX_WORK)],
  ['the `maxItems` that `uniqueItems` needs beside it', number(MAX_UNIQUE_ITEMS)],
  ['a file beside the workflow', bytes(MAX_FILE_BYTES)],
  ['files beside it and included workflows, named together', number(MAX_FILES)],
  ['includes within includes', number(MAX_INCLUDES_DEEP)],
  ['iterations of a loop', number(MAX_ITERATIONS)],
  ['tries of a node', number(MAX_ATTEMPTS)],
  ['a duration', durationText(MAX_DURATION_MS)],
  ['an output in an environment variable; a longer one is a file', bytes(MAX_OUTPUT_BYTES)],
];

function bytes(count: number): string {
  return count % (1024 * 1024) === 0 ? `${count / 1024 / 1024} MiB` : `${count / 1024} KiB`;
}

function number(count: number): string {
  return String(count);
}

function characters(count: number): string {
  return `${count} characters`;
}
