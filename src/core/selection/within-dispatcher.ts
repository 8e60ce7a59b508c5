import type { LeftOut, Repository } from '../plan.ts';
import type { Dispatcher } from '../settings/types.ts';
import { leaveOut } from './leave-out.ts';
import { compileTag } from './match-tag.ts';

/** The candidates that carry every tag of the dispatcher's `within`; the others are left out. No tag, no bound. */
export function withinDispatcher(
  dispatcher: Pick<Dispatcher, 'login' | 'within'>,
  candidates: readonly Repository[],
): { candidates: Repository[]; leftOut: LeftOut[] } {
  const bounds = dispatcher.within.tag.map(compileTag);
  const inside = (repository: Repository): boolean => bounds.every((matches) => matches(repository));
  const detail = `It is outside of what the dispatcher \`${dispatcher.login}\` may reach.`;
  return {
    candidates: candidates.filter(inside),
    leftOut: candidates
      .filter((repository) => !inside(repository))
      .map((repository) => leaveOut(repository, 'no_permission', detail)),
  };
}
