import type { FleetRow } from '../../store/contract/fleets.ts';
import type { ApiContext } from './context.ts';
import type { FleetJson } from './schemas/fleet.ts';
import { fleetJson } from './views/fleet-json.ts';

/** The fleet as it is now, for an answer. */
export async function currentFleet({ fleet: { store } }: ApiContext, fleet: FleetRow): Promise<FleetJson> {
  const { read } = store;
  const diskFull = (await read.disk.fullSince()) !== null;
  const undos = await read.undos.ofFleet(fleet.id);
  const row = (await read.fleets.get(fleet.id)) ?? fleet;
  return fleetJson(row, await read.tasks.ofFleet(fleet.id), { undos, diskFull });
}
