import type { LeftOut, Visibility } from '../plan.ts';
import type { TaskOutcome } from '../status.ts';
import { leaveOut } from './leave-out.ts';

/** What an earlier fleet of the same key came to in one repository. */
export interface EarlierTask {
  fleetId: string;
  repositoryId: number;
  repository: string;
  /** When that fleet was planned. */
  visibility: Visibility;
  outcome: TaskOutcome | null;
  pullRequest: { number: number } | null;
}

/**
 * The repositories in which an earlier fleet of the key left a pull request and which are not selected any more.
 * @param earlier newest fleet first; the first completed task of a repository is the one that counts
 * @param known ids of the repositories that the new plan names already, as targets or as left out
 */
export function noLongerSelected(earlier: readonly EarlierTask[], known: ReadonlySet<number>): LeftOut[] {
  const seen = new Set(known);
  return earlier.flatMap(({ fleetId, repositoryId: id, repository: fullName, outcome, pullRequest }) => {
    if (outcome === null || seen.has(id)) return [];
    seen.add(id);
    if (pullRequest === null || (outcome !== 'changed' && outcome !== 'unchanged')) return [];
    const detail = `It is no longer selected; its pull request #${pullRequest.number} of fleet \`${fleetId}\` is left alone.`;
    return [leaveOut({ id, fullName }, 'no_longer_selected', detail)];
  });
}
