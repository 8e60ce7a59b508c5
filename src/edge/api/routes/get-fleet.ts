import { findFleet } from '../find-fleet.ts';
import { apiRoute } from '../route.ts';
import { fleetSchema } from '../schemas/fleet.ts';
import { fleetJson } from '../views/fleet-json.ts';

export const getFleetRoute = apiRoute({
  method: 'GET',
  path: '/fleets/{fleet_id}',
  operationId: 'getFleet',
  summary: 'Where a fleet stands: rollup, counts, tasks with their pull requests',
  answers: { 200: { description: 'The fleet', schema: fleetSchema } },
  handle: async (call) => {
    const fleet = await findFleet(call);
    const { read } = call.context.fleet.store;
    const full = (await read.disk.fullSince()) !== null;
    return { status: 200, body: fleetJson(fleet, await read.tasks.ofFleet(fleet.id), full) };
  },
});
