const LONGEST_GLOB = 200;

/** Why a text is no glob that Flotilla takes, on repositories or on paths; or undefined. */
export function globProblem(glob: string): string | undefined {
  if (glob === '') return 'it is empty';
  if (glob.startsWith('!')) return 'it starts with `!`';
  if (glob.length > LONGEST_GLOB) return `it has more than ${LONGEST_GLOB} characters`;
  return undefined;
}
