import type { Repository } from '../core/plan.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import { isMoreVisible } from '../core/visibility.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { FleetContext } from './context.ts';
import { canWrite } from './permission.ts';

/**
 * The tasks that may not run any more: permissions and visibilities can change while a fleet waits.
 * `when`: what happens now, as in "the plan was approved".
 */
export async function lostTargets(
  context: FleetContext,
  fleet: FleetRow,
  control: Repository,
  settings: SharedSettings,
  when = 'the plan was approved',
): Promise<{ taskId: string; reason: string }[]> {
  const reads = context.github.reads(fleet.installationId);
  const tasks = await context.store.read.tasks.ofFleet(fleet.id);
  const visible = new Map<number, Repository>();
  for (const repository of await reads.repositories()) visible.set(repository.id, repository);
  const known = tasks.flatMap(({ repositoryId }) => visible.get(repositoryId) ?? []);
  const facts = await reads.targetFacts(known, fleet.runAs);

  const whyLost = (repositoryId: number): string | undefined => {
    if (!canWrite(facts.get(repositoryId)?.permission ?? null)) {
      return `When ${when}, ${fleet.runAs.login} could no longer write to this repository.`;
    }
    const target = visible.get(repositoryId);
    const hidden = target !== undefined && isMoreVisible(control.visibility, target.visibility);
    return hidden && !settings.allowMoreVisibleControlRepository
      ? `When ${when}, this repository was less visible than the control repository.`
      : undefined;
  };
  return tasks.flatMap(({ id, repositoryId }) => {
    const reason = whyLost(repositoryId);
    return reason === undefined ? [] : [{ taskId: id, reason }];
  });
}
