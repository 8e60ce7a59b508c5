import { TaskFailure } from '../core/failures.ts';
import type { OpenRun } from './context.ts';
import type { Publication } from './decide-publication.ts';

/**
 * A branch belongs to one fleet key while a pull request shows it. Throws TaskFailure `conflict` for one that belongs
 * to another key; without an open pull request, that claim has lapsed.
 */
export async function claimBranch(
  { context, fleet, task }: OpenRun,
  { pull }: Extract<Publication, { action: 'push' | 'keep' }>,
): Promise<void> {
  const claimed = await context.store.write((tx) =>
    tx.tasks.claimBranch(task.repositoryId, fleet.branch, fleet.fleetKey, { lapsed: pull === null }),
  );
  if (claimed) return;
  throw new TaskFailure(
    'conflict',
    `The branch ${fleet.branch} belongs to a fleet with another workflow, control repository or inputs.`,
  );
}
