import type { FleetRequest } from '../core/request.ts';
import { isRetryable } from '../core/status.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { discreetly, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { isMeant } from './is-meant.ts';
import { nothingMeant, requireRetryable } from './require-retryable.ts';

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
      const fleet = await tx.fleets.get(at.fleet.id);
      if (fleet === undefined) throw new Error(`Fleet ${at.fleet.id} vanished`);
      const all = await tx.tasks.ofFleet(fleet.id);
      const meant = all.filter((task) => isMeant(task, command.repositories));
      const before = await retriedBefore(tx, fleet, meant, receivedAt);
      if (before.length > 0) return before;
      await requireRetryable(tx, fleet);
      const again = meant.filter(({ status }) => isRetryable(status));
      if (again.length === 0) throw nothingMeant(fleet, all);
      const ids = again.map((task) => task.id);
      await tx.fleets.retry(fleet.id, ids, { id, login }, context.clock.now());
      return again;
    }),
  );
  return { at, repositories: tasks.map(({ repository }) => repository) };
}

/** At or after `receivedAt`, so by this very command, whose answer was lost, or by one that came with it. */
async function retriedBefore(
  { events }: Pick<Reads, 'events'>,
  { id, turnedAt }: FleetRow,
  meant: readonly TaskRow[],
  receivedAt: number,
): Promise<TaskRow[]> {
  if ((turnedAt ?? 0) < receivedAt) return [];
  const ids = new Set(
    (await events.ofFleet(id)).flatMap(({ at, event }) =>
      event.type === 'task_retried' && at >= receivedAt ? [event.taskId] : [],
    ),
  );
  return meant.filter((task) => ids.has(task.id));
}
