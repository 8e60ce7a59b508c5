import picomatch from 'picomatch';
import { globProblem } from '../glob-problem.ts';
import type { Repository } from '../plan.ts';

export type GlobSubject = Pick<Repository, 'fullName' | 'name'>;

const MOST_WILDCARDS = 4;

/**
 * Why a glob on repositories is refused, or undefined. Besides a leading `!` (it would select everything else) this
 * refuses repeated groups and many wildcards: picomatch turns both into expressions that run for minutes on one name.
 */
export function repositoryGlobProblem(glob: string): string | undefined {
  if (glob.startsWith('!')) return 'it starts with `!`; use `not:` or `exclude:` to leave repositories out';
  const problem = globProblem(glob);
  if (problem !== undefined) return problem;
  if (!/^[\w.\-/*?[\]{},!^]+$/.test(glob)) {
    return 'it has a character that neither names of repositories nor `*`, `?`, `[a-z]` and `{a,b}` have';
  }
  if ((glob.match(/\*+|\{/g)?.length ?? 0) > MOST_WILDCARDS)
    return `it has more than ${MOST_WILDCARDS} \`*\` and \`{\``;
  return undefined;
}

/**
 * A test for repositories: on owner/repo when the glob has a slash, else on the name alone; case does not count.
 * A glob that repositoryGlobProblem refuses matches nothing.
 */
export function compileRepositoryGlob(glob: string): (repository: GlobSubject) => boolean {
  if (repositoryGlobProblem(glob) !== undefined) return () => false;
  const matches = picomatch(glob, { dot: true, nocase: true });
  return glob.includes('/') ? ({ fullName }) => matches(fullName) : ({ name }) => matches(name);
}
