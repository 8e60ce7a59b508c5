/**
 * Why what should have run in a box was not started; null: it was, and what it said and its status are its own.
 * @param stderr of a boxed command whose own messages never begin like these
 */
export function boxFailure(stderr: string): string | null {
  const said = /^(?:bwrap|prlimit): .*/.exec(stderr)?.[0];
  return said === undefined ? null : `its box could not be made (${said})`;
}
