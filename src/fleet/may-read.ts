import type { Caller } from '../ports/callers.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { FleetContext } from './context.ts';
import { mayWrite } from './permission.ts';

/**
 * Whether somebody may see the fleets of a control repository, as `/fleet status` there tells them: a person who can write
 * to it, and a job of it. Throws GitHubError for a limit.
 */
export async function mayRead(
  context: FleetContext,
  caller: Caller,
  place: Pick<FleetRow, 'installationId' | 'controlRepositoryId' | 'controlRepository'>,
): Promise<boolean> {
  if (caller.kind === 'job') return caller.repository.id === place.controlRepositoryId;
  const reads = context.github.reads(place.installationId);
  const control = await reads.repository(place.controlRepository);
  // Another repository may have its name by now.
  if (control === undefined || control.id !== place.controlRepositoryId) return false;
  return mayWrite(reads, control.fullName, caller.person);
}
