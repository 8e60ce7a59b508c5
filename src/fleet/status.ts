import type { FleetRequest } from '../core/request.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import type { FleetStatus } from '../core/status.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';

export interface FleetState extends FleetAtPlace {
  status: FleetStatus;
  tasks: readonly TaskRow[];
  /** Pull requests that an undo closed. */
  undone: number;
  /** Tasks of it do not begin because the server's disk has no room. */
  waitsForDisk: boolean;
}

/** Where a fleet stands, derived from its tasks. Throws Refusal. */
export async function status(context: FleetContext, request: FleetRequest, named: string | null): Promise<FleetState> {
  const found = await fleetForVerb(context, request, named);
  const tasks = await context.store.read.tasks.ofFleet(found.fleet.id);
  const counts = countTasks(tasks.map((task) => task.status));
  const full = (await context.store.read.disk.fullSince()) !== null;
  const waitsForDisk = full && found.fleet.approvedAt !== null && counts.queued > 0;
  const undos = await context.store.read.undos.ofFleet(found.fleet.id);
  const undone = undos.filter(({ state }) => state === 'undone').length;
  return { ...found, tasks, undone, waitsForDisk, status: rollup(gatesOf(found.fleet), counts) };
}
