import type { Caller } from '../ports/callers.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { FleetPlace } from '../store/contract/fleet-pages.ts';
import { isOfJobs, isStillListed } from './authorize-job.ts';
import type { FleetContext } from './context.ts';
import { canWrite } from './permission.ts';

/**
 * Whether somebody may see a fleet, as `/fleet status` there tells it: a person who can write to its control repository,
 * and a job of that which is a dispatcher for its workflow, if a job asked for it. Throws Refusal where a job's settings
 * are not valid, GitHubError where GitHub does not say.
 */
export async function mayRead(context: FleetContext, caller: Caller, fleet: FleetPlace): Promise<boolean> {
  if (caller.kind === 'job') {
    const job = { person: caller.person, repositoryId: caller.repository.id };
    return isOfJobs(fleet, job) && (await isStillListed(context, caller.person, fleet));
  }
  const reads = context.github.reads(fleet.installationId);
  const control = await reads.repository(fleet.controlRepository);
  // Another repository may have its name by now.
  if (control === undefined || control.id !== fleet.controlRepositoryId) return false;
  try {
    return canWrite(await reads.permission(control.fullName, caller.person));
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'refused') return false;
    throw error;
  }
}
