import type { FleetRequest } from '../core/request.ts';
import { isRetryable } from '../core/status.ts';
import { discreetly, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { meantTasks, queuedBefore } from './meant-tasks.ts';
import { nothingMeant, requireGoesOn } from './require-retryable.ts';

export interface Retried {
  at: FleetAtPlace;
  /** In plan order. */
  repositories: readonly string[];
}

/**
 * Queues what did not complete for a new attempt: a fresh clone, the whole frozen workflow. A fleet that had ended goes on.
 * Throws Refusal. `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function retry(
  context: FleetContext,
  request: FleetRequest,
  command: { fleet: string | null; repositories?: string },
  receivedAt: number,
): Promise<Retried> {
  const at = await fleetForVerb(context, request, command.fleet);
  const { id, login } = request.sender;
  const tasks = await discreetly(at, () =>
    context.store.write(async (tx) => {
      const { fleet, all, meant } = await meantTasks(tx, at.fleet.id, command.repositories);
      const before = await queuedBefore(tx, fleet, meant, { type: 'task_retried', login, receivedAt });
      if (before.length > 0) return before;
      await requireGoesOn(tx, fleet);
      const again = meant.filter(({ status }) => isRetryable(status));
      if (again.length === 0) throw nothingMeant(fleet, all);
      const ids = again.map((task) => task.id);
      await tx.fleets.retry(fleet.id, ids, { id, login }, context.clock.now());
      return again;
    }),
  );
  return { at, repositories: tasks.map(({ repository }) => repository) };
}
