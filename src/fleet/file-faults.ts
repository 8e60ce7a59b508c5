import type { Repository } from '../core/plan.ts';
import { renderFaults } from '../core/render/faults.ts';
import { renderFaultPlaces } from '../core/render/request-faults.ts';
import { isMoreVisible } from '../core/visibility.ts';
import type { Fault } from '../core/workflow/types.ts';
import type { GitHubReads } from '../ports/github-reads.ts';

/** Whether readers of the control repository may not see this one (owner/name); one that cannot be looked at is hidden. */
export async function isHidden(reads: GitHubReads, control: Repository, repository: string): Promise<boolean> {
  if (repository === control.fullName) return false;
  const found = await reads.repository(repository);
  return found === undefined || isMoreVisible(control.visibility, found.visibility);
}

/**
 * What is wrong with the files of a workflow; of those that readers of the control repository may not see, the places
 * alone.
 * @param texts file, as faults name it → its text
 */
export async function tellFaults(
  reads: GitHubReads,
  control: Repository,
  texts: ReadonlyMap<string, string>,
  faults: readonly Fault[],
): Promise<string> {
  const told: string[] = [];
  for (const [file, own] of Map.groupBy(faults, (fault) => fault.file)) {
    const repository = /^([^:]+\/[^:]+):/.exec(file)?.[1];
    const hidden = repository !== undefined && (await isHidden(reads, control, repository));
    told.push(hidden ? renderFaultPlaces(own, repository) : renderFaults(own, texts.get(file) ?? ''));
  }
  return told.join('\n\n');
}
