import type { ApiRoute } from '../route.ts';
import { cancelRoute } from './cancel.ts';
import { fleetEventsRoute } from './fleet-events.ts';
import { getFleetRoute } from './get-fleet.ts';
import { getLogsRoute } from './get-logs.ts';
import { getTaskRoute } from './get-task.ts';
import { listFleetsRoute } from './list-fleets.ts';
import { publishRoute, retryRoute, undoRoute } from './meant.ts';
import { openApiRoute } from './openapi.ts';
import { submitRoute } from './submit.ts';
import { pauseRoute, resumeRoute } from './turn.ts';
import { approveRoute, rejectRoute } from './verdict.ts';

const routes: readonly ApiRoute[] = [
  submitRoute,
  listFleetsRoute,
  getFleetRoute,
  fleetEventsRoute,
  getTaskRoute,
  getLogsRoute,
  cancelRoute,
  retryRoute,
  approveRoute,
  rejectRoute,
  pauseRoute,
  resumeRoute,
  publishRoute,
  undoRoute,
];

/** Every route of the API; OpenAPI is made from these. */
export const apiRoutes: readonly ApiRoute[] = [...routes, openApiRoute(routes)];
