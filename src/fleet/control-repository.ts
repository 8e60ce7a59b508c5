import type { Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { GitHubReads } from '../ports/github-reads.ts';

/** The repository where the command was given, as it is now. Throws Refusal. */
export async function controlRepository(
  reads: GitHubReads,
  request: Pick<FleetRequest, 'controlRepository'>,
): Promise<Repository> {
  const { fullName, id } = request.controlRepository;
  const control = await reads.repository(fullName);
  if (control !== undefined && control.id === id) return control;
  throw new Refusal(
    'control_repository_refused',
    `\`${fullName}\` is gone or out of the app's reach.`,
    'Check whether it was renamed or transferred, then give the command there again.',
  );
}

/** Throws Refusal when no tracking issue could live there. */
export function requireTrackingIssues(control: Repository): void {
  if (!control.archived && control.hasIssues) return;
  throw new Refusal(
    'control_repository_refused',
    `\`${control.fullName}\` ${control.archived ? 'is archived' : 'has issues disabled'}, so no tracking issue can live there.`,
    'Give the command in a repository whose issues are enabled.',
  );
}
