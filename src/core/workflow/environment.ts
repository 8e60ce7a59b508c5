import { withoutLastNewlines } from './node-output.ts';
import type { LoopFacts, NodeOutcome, Workflow } from './types.ts';
import { inputVariable, LOOP_VARIABLES, nodeVariable } from './variables.ts';

/** Linux refuses a variable over 128 KiB and an environment over about 2 MiB (execve: E2BIG). */
export const MAX_OUTPUT_BYTES = 64 * 1024;
const MAX_OUTPUTS_BYTES = 1024 * 1024;

export interface EnvironmentFacts {
  service: {
    /** Numeric id of the repository on GitHub. */
    id: number;
    /** owner/repo */
    fullName: string;
    /** Work tree of the clone, absolute. */
    dir: string;
    /** Folder of the siblings, absolute; null: the workflow has none. */
    siblings: string | null;
  };
  fleetId: string;
  baseBranch: string;
  workflow: Pick<Workflow, 'inputs'>;
  /** After defaults. A declared input without a value becomes an empty variable, so that `set -u` does not stop at it. */
  inputs: Readonly<Record<string, string>>;
  /** Outcomes that the command may see: those of its upstream. */
  nodes: ReadonlyMap<string, NodeOutcome>;
  /** null: in no loop. */
  loop: LoopFacts | null;
  /** Variables of the node itself; those of Flotilla win. */
  own: Readonly<Record<string, string>>;
  /** Names the files of this command's own: nodes of several scopes can have the same id. */
  reader: string;
  /** Folder for outputs that are too long for a variable, absolute. */
  outputDir: string;
}

export interface Environment {
  variables: Record<string, string>;
  /** To be written to `outputDir` before the command starts; the variables name them. */
  files: { name: string; content: string }[];
}

const withoutNul = (text: string): string => text.replaceAll('\0', '');

const ownVariables = (own: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(own).map(([name, value]) => [name, cutToVariable(value)]));

function loopVariables(loop: LoopFacts | null): Record<string, string> {
  if (loop === null) return {};
  return {
    [LOOP_VARIABLES.iteration]: String(loop.iteration),
    [LOOP_VARIABLES.previous_output]: cutToVariable(loop.previousOutput),
  };
}

/** The end of a long text, as much as a variable holds. */
export function cutToVariable(text: string): string {
  const bytes = Buffer.from(withoutNul(text));
  return bytes.length <= MAX_OUTPUT_BYTES
    ? withoutNul(text)
    : bytes
        .subarray(-MAX_OUTPUT_BYTES)
        .toString()
        .replace(/^\uFFFD+/, '');
}

/** Every value that a bash body or `only_if` can use. NUL, which no variable can hold, is left out of outputs. */
export function environmentOf(facts: EnvironmentFacts): Environment {
  const { service } = facts;
  const variables: Record<string, string> = {
    ...ownVariables(facts.own),
    ...loopVariables(facts.loop),
    SERVICE: service.fullName,
    SERVICE_NAME: service.fullName.slice(service.fullName.indexOf('/') + 1),
    SERVICE_DIR: service.dir,
    SERVICE_ID: String(service.id),
    ...(service.siblings === null ? {} : { SIBLINGS_DIR: service.siblings }),
    FLEET_ID: facts.fleetId,
    BASE_BRANCH: facts.baseBranch,
  };
  for (const name of Object.keys(facts.workflow.inputs)) {
    const value = Object.hasOwn(facts.inputs, name) ? facts.inputs[name] : undefined;
    variables[inputVariable(name)] = (value ?? '').replaceAll('\0', '');
  }
  const files: Environment['files'] = [];
  let outputBytes = 0;
  for (const [id, outcome] of facts.nodes) {
    const output = withoutLastNewlines(outcome.output.replaceAll('\0', ''));
    const bytes = Buffer.byteLength(output);
    if (bytes <= MAX_OUTPUT_BYTES && outputBytes + bytes <= MAX_OUTPUTS_BYTES) {
      outputBytes += bytes;
      variables[nodeVariable(id, 'OUTPUT')] = output;
    } else {
      const name = `${facts.reader}.${id}.output`;
      files.push({ name, content: output });
      variables[nodeVariable(id, 'OUTPUT_FILE')] = `${facts.outputDir}/${name}`;
    }
    variables[nodeVariable(id, 'EXIT_CODE')] = outcome.exitCode === null ? '' : String(outcome.exitCode);
  }
  return { variables, files };
}
