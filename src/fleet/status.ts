import type { FleetRequest } from '../core/request.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import type { FleetStatus } from '../core/status.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';

export interface FleetState {
  fleet: FleetRow;
  status: FleetStatus;
  tasks: readonly TaskRow[];
}

/** Where a fleet stands, derived from its tasks. Throws Refusal. */
export async function status(context: FleetContext, request: FleetRequest, named: string | null): Promise<FleetState> {
  const { fleet } = await fleetForVerb(context, request, named);
  const tasks = await context.store.read.tasks.ofFleet(fleet.id);
  const counts = countTasks(tasks.map((task) => task.status));
  return { fleet, tasks, status: rollup(gatesOf(fleet), counts) };
}
