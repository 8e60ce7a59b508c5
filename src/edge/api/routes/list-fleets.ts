import { fleetPage } from '../fleet-page.ts';
import { apiRoute } from '../route.ts';
import { fleetPageSchema, fleetsQuerySchema } from '../schemas/fleet.ts';
import { summaryJson } from '../views/fleet-json.ts';

export const listFleetsRoute = apiRoute({
  method: 'GET',
  path: '/fleets',
  operationId: 'listFleets',
  summary: 'The fleets of the control repositories that you can write to, newest first',
  query: fleetsQuerySchema,
  answers: { 200: { description: 'A page of them', schema: fleetPageSchema } },
  handle: async ({ context, caller, query }) => {
    const { fleets, next } = await fleetPage(context, caller, query);
    return { status: 200, body: { fleets: fleets.map(summaryJson), next_cursor: next } };
  },
});
