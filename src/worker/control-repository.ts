import type { Repository } from '../core/plan.ts';
import type { TaskRun } from './context.ts';

/** As it is now; undefined when it is out of sight, or when another repository has taken its name. */
export async function currentControlRepository({ context, fleet }: TaskRun): Promise<Repository | undefined> {
  const control = await context.github.reads(fleet.installationId).repository(fleet.controlRepository);
  return control?.id === fleet.controlRepositoryId ? control : undefined;
}
