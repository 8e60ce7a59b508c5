import type { TriggerRule } from '../../src/core/workflow/types.ts';
import {
  inputVariable,
  LOOP_OUTPUT_VARIABLE,
  LOOP_VARIABLES,
  nodeVariable,
} from '../../src/core/workflow/variables.ts';

/** A value, and what stands for it where. */
export interface ReferenceValue {
  value: string;
  texts: readonly string[];
  conditions: readonly string[];
  variables: readonly string[];
}

/** For an input `version`, a node `test`, and an answer with a field `files`. */
export const VALUES: readonly ReferenceValue[] = [
  {
    value: 'an input',
    texts: ['{{version}}', '{{inputs.version}}', '$inputs.version'],
    conditions: ['$inputs.version'],
    variables: [inputVariable('version')],
  },
  {
    value: 'output of a node that came before',
    texts: ['{{nodes.test.output}}', '$test.output'],
    conditions: ['$test.output'],
    variables: [nodeVariable('test', 'OUTPUT'), nodeVariable('test', 'OUTPUT_FILE')],
  },
  {
    value: 'a field of its output, read as JSON',
    texts: ['{{nodes.test.output.files}}', '$test.output.files'],
    conditions: ['$test.output.files'],
    variables: [],
  },
  {
    value: 'its exit status',
    texts: ['{{nodes.test.exit_code}}', '$test.exit_code'],
    conditions: ['$test.exit_code'],
    variables: [nodeVariable('test', 'EXIT_CODE')],
  },
  {
    value: 'its state: `completed`, `failed` or `skipped`',
    texts: [],
    conditions: ['$test.status'],
    variables: [],
  },
  {
    value: 'the repository, `acme/service-api`; its name, its number on GitHub, its work tree',
    texts: ['{{service}}', '$SERVICE'],
    conditions: [],
    variables: ['SERVICE', 'SERVICE_NAME', 'SERVICE_ID', 'SERVICE_DIR'],
  },
  {
    value: 'the folder of `siblings`, as `<owner>/<name>`',
    texts: [],
    conditions: [],
    variables: ['SIBLINGS_DIR'],
  },
  { value: 'the fleet; the base branch', texts: [], conditions: [], variables: ['FLEET_ID', 'BASE_BRANCH'] },
  {
    value: 'in a loop: the number of the iteration, from 1',
    texts: ['{{loop.iteration}}'],
    conditions: [],
    variables: [LOOP_VARIABLES.iteration],
  },
  {
    value: 'in a loop: the output of the iteration before',
    texts: ['{{loop.previous_output}}', '$LOOP_PREV_OUTPUT'],
    conditions: [],
    variables: [LOOP_VARIABLES.previous_output],
  },
  {
    value: 'in `until_bash`: the output of this iteration',
    texts: [],
    conditions: [],
    variables: [LOOP_OUTPUT_VARIABLE],
  },
];

export const TRIGGERS: Readonly<Record<TriggerRule, string>> = {
  all_success: 'all completed; when one was skipped or failed, this one is skipped',
  one_success: 'at least one completed',
  none_failed_min_one_success: 'none failed and at least one completed; others may be skipped',
  all_done: 'all ended, however',
};
