/** Where a verb applies. */
import { isFleetId } from '../ids.ts';
import { repositoryGlobProblem } from '../selection/repository-glob.ts';
import { quoteToken } from './quote-token.ts';
import { Unreadable } from './unreadable.ts';

/** `[fleet] [repository glob]`. Throws Unreadable; `further`: what to do instead of writing more words. */
export function readPlaces(
  verb: string,
  places: readonly string[],
  further: string,
): { fleet: string | null; repositories?: string } {
  const [first] = places;
  const fleet = first !== undefined && isFleetId(first.toLowerCase()) ? first.toLowerCase() : null;
  const [repositories, extra] = places.slice(fleet === null ? 0 : 1);
  if (repositories === undefined) return { fleet };
  if (extra !== undefined) {
    throw new Unreadable(
      `\`/fleet ${verb}\` takes a fleet's id and one repository glob, but ${quoteToken(extra)} follows.`,
      isFleetId(extra.toLowerCase()) && fleet === null ? "The fleet's id comes first." : further,
    );
  }
  requireGlob(repositories, ` ${further}`);
  return { fleet, repositories };
}

/** A glob on repositories from a field of a request; absent: all are meant. Throws Unreadable. */
export function repositoriesField(glob: string | undefined): { repositories?: string } {
  if (glob === undefined) return {};
  requireGlob(glob, '');
  return { repositories: glob };
}

function requireGlob(glob: string, further: string): void {
  const problem = repositoryGlobProblem(glob);
  if (problem === undefined) return;
  const why = glob.startsWith('!') ? 'it starts with `!`' : problem;
  throw new Unreadable(
    `${quoteToken(glob)} cannot name repositories: ${why}.`,
    `Write a name or a glob, such as \`service-*\`.${further}`,
  );
}
