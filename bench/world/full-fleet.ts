import type { Plan } from '../../src/core/plan.ts';
import type { NewFleet } from '../../src/store/contract/fleets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { aPlan, insertFleet } from '../../test/store/fixtures.ts';

/** With its targets in the plan, as large as a frozen plan is. Its tasks are `<id>/0`, `<id>/1`, … */
export async function insertFullFleet(
  store: Store,
  id: string,
  tasks: number,
  change: Partial<NewFleet> = {},
): Promise<void> {
  await insertFleet(store, id, tasks, { plan: planOf(tasks), createdAt: Date.now(), ...change });
}

const planOf = (tasks: number): Plan =>
  aPlan({
    parallel: null,
    targets: Array.from({ length: tasks }, (_, index) => ({
      repositoryId: index + 1,
      repository: `acme/service-${index + 1}`,
      visibility: 'private',
      wave: 0,
      stage: 0,
    })),
  });
