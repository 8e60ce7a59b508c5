import type { Repository } from '../core/plan.ts';
import type { TaskRun } from './context.ts';

const HOLDS_MS = 60_000;

/** At most a minute old; undefined when it is out of sight, or when another repository has taken its name. */
export async function currentControlRepository({
  context,
  fleet,
  facts,
  claimedAt,
}: TaskRun): Promise<Pick<Repository, 'visibility'> | undefined> {
  const told = context.clock.now() - claimedAt <= HOLDS_MS ? facts.control : undefined;
  const control = told ?? (await context.github.reads(fleet.installationId).repository(fleet.controlRepository));
  return control?.id === fleet.controlRepositoryId ? control : undefined;
}
