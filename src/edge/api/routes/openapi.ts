import { z } from 'zod';
import { openApiDocument } from '../openapi/document.ts';
import { type ApiRoute, apiRoute } from '../route.ts';

/** What is served is made once. `others`: every other route. */
export function openApiRoute(others: readonly ApiRoute[]): ApiRoute {
  const route = apiRoute({
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
    handle: async () => ({ status: 200, body: document }),
  });
  const document = openApiDocument([...others, route]);
  return route;
}
