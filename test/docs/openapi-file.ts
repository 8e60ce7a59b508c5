import { join } from 'node:path';
import { openApiDocument } from '../../src/edge/api/openapi/document.ts';
import { apiRoutes } from '../../src/edge/api/routes/routes.ts';

export const OPENAPI_FILE = join(import.meta.dirname, '../../docs/openapi.json');

export const renderOpenApi = (): string => `${JSON.stringify(openApiDocument(apiRoutes), null, 2)}\n`;
