/** Names of the environment variables through which values reach commands. */

const shout = (name: string): string => name.toUpperCase().replaceAll('-', '_');

export const inputVariable = (input: string): string => `INPUTS_${shout(input)}`;

/** Different nodes can share variables (`a-b`, `a_b`); a rule refuses such workflows. */
export const nodeVariable = (node: string, part: 'OUTPUT' | 'OUTPUT_FILE' | 'EXIT_CODE'): string =>
  `NODES_${shout(node)}_${part}`;

/** In loops; an output over 64 KiB is cut to its end. */
export const LOOP_VARIABLES = { iteration: 'LOOP_ITERATION', previous_output: 'LOOP_PREVIOUS_OUTPUT' } as const;

/** In `until_bash`: what this iteration said. */
export const LOOP_OUTPUT_VARIABLE = 'LOOP_OUTPUT';
