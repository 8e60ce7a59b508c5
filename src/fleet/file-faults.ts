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

/** What is wrong with a file; of a file that readers of the control repository may not see, the places alone. */
export async function tellFaults(
  reads: GitHubReads,
  control: Repository,
  file: { repository: string; text: string },
  faults: readonly Fault[],
): Promise<string> {
  const hidden = await isHidden(reads, control, file.repository);
  return hidden ? renderFaultPlaces(faults, file.repository) : renderFaults(faults, file.text);
}
