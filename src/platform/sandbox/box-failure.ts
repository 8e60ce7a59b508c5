/**
 * Why what should have run in a box was not started; null: it was, and what it said and its status are its own.
 * @param stderr of a boxed command that did not end with 0 and whose own messages never begin like these
 */
export function boxFailure(stderr: string): string | null {
  const said = stderr.split('\n').find((line) => /^(?:bwrap|prlimit|sh): /.test(line) && !line.includes(HARMLESS));
  return said === undefined ? null : `its box could not be made (${said})`;
}

/** Of the prelude, which goes on without it. */
const HARMLESS = 'oom_score_adj';
