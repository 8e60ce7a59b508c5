import { writeFileSync } from 'node:fs';
import { OPENAPI_FILE, renderOpenApi } from './openapi-file.ts';

/** `npm run docs:openapi` */
writeFileSync(OPENAPI_FILE, renderOpenApi());
