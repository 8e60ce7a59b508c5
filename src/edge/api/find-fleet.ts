import { isFleetId } from '../../core/ids.ts';
import type { FleetRow } from '../../store/contract/fleets.ts';
import { unknownFleet } from './api-error.ts';
import { type ApiCall, param } from './route.ts';

/** The fleet of `{fleet_id}`, for somebody who may see it. Throws ApiError('unknown_fleet'). */
export async function findFleet(call: Pick<ApiCall, 'context' | 'caller' | 'params'>): Promise<FleetRow> {
  const { context, caller } = call;
  const id = param(call, 'fleet_id');
  const fleet = isFleetId(id) ? await context.fleet.store.read.fleets.get(id) : undefined;
  if (fleet === undefined || !(await context.readers.may(caller, fleet))) throw unknownFleet(id);
  return fleet;
}
