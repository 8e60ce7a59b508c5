import type { ApiRoute } from '../route.ts';
import { getFleetRoute } from './get-fleet.ts';
import { submitRoute } from './submit.ts';

/** Every route of the API; OpenAPI is made from these too. */
export const apiRoutes: readonly ApiRoute[] = [submitRoute, getFleetRoute];
