import { currentFleet } from '../current-fleet.ts';
import { findFleet } from '../find-fleet.ts';
import { apiRoute } from '../route.ts';
import { fleetSchema } from '../schemas/fleet.ts';

export const getFleetRoute = apiRoute({
  method: 'GET',
  path: '/fleets/{fleet_id}',
  operationId: 'getFleet',
  summary: 'Where a fleet stands: rollup, counts, tasks with their pull requests',
  refuses: ['unknown_fleet'],
  answers: { 200: { description: 'The fleet', schema: fleetSchema } },
  handle: async (call) => ({ status: 200, body: await currentFleet(call.context, await findFleet(call)) }),
});
