import type { EarlierTask } from '../core/selection/no-longer-selected.ts';
import type { Store } from '../store/contract/store.ts';

/** A plan that was cancelled or failed in between does not hide what an older fleet left; much older ones do not matter. */
const FLEETS_BACK = 10;

/** The tasks of the key's fleets before this one, newest fleet first. */
export async function earlierTasks(
  store: Pick<Store, 'read'>,
  fleetKey: string,
  before: string,
): Promise<EarlierTask[]> {
  const { fleets, tasks } = store.read;
  const earlier: EarlierTask[] = [];
  let fleet = await fleets.previousOfKey(fleetKey, before);
  for (let back = 0; fleet !== undefined && back < FLEETS_BACK; back += 1) {
    const { id, plan } = fleet;
    const visibilities = new Map(plan.targets.map(({ repositoryId, visibility }) => [repositoryId, visibility]));
    for (const { repositoryId, repository, outcome, pullRequest } of await tasks.ofFleet(id)) {
      const visibility = visibilities.get(repositoryId) ?? 'private';
      earlier.push({ fleetId: id, repositoryId, repository, visibility, outcome, pullRequest });
    }
    fleet = await fleets.previousOfKey(fleetKey, id);
  }
  return earlier;
}
