/** Through which values from outside reach a command. */
const OURS = /^(?:(?:INPUTS|NODES|LOOP)_[A-Z0-9_]+|SERVICE(?:_NAME|_DIR)?)$/;
/** Digits alone, or empty. */
const NUMBERS = /^(?:NODES_[A-Z0-9_]+_EXIT_CODE|LOOP_ITERATION|SERVICE_ID)$/;

/** Whether a variable can hold text from outside; `own` are those of the node itself into which references are put. */
export const holdsForeignText = (name: string, own: ReadonlySet<string>): boolean =>
  (OURS.test(name) && !NUMBERS.test(name)) || own.has(name);

/** A node that did not run has no exit code. */
export const mayBeEmptyNumber = (name: string): boolean => /^NODES_[A-Z0-9_]+_EXIT_CODE$/.test(name);
