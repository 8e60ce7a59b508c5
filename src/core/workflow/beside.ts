import type { Workflow, WorkflowSource } from './types.ts';

/** What a workflow names outside of its own text, already read. */
export interface Beside {
  /** Text of a file beside the workflow, by path; undefined: it is not there. */
  file(path: string): string | undefined;
  /** An included workflow; undefined: it is not there, or has faults, which are told in its own file. */
  workflow(name: string): Workflow | undefined;
  exists(name: string): boolean;
  /** Names of the workflows that lead here, this one's own last. */
  around: readonly string[];
  /** false: nobody looked, so nothing can be missed. */
  knows: boolean;
}

/** Deeper than anybody reads. */
export const MAX_INCLUDES_DEEP = 5;

/** What a source holds beside its text. */
export type Surroundings = Pick<WorkflowSource, 'files' | 'includes'>;

/** For who wants to know a workflow's name and inputs alone. */
export const UNKNOWN_SURROUNDINGS: Beside = {
  file: () => undefined,
  workflow: () => undefined,
  exists: () => false,
  around: [],
  knows: false,
};
