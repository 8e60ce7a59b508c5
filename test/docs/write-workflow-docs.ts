import { writeFileSync } from 'node:fs';
import { CLI_FILE, renderCliPage } from './cli-page.ts';
import { FAILURES_FILE, renderFailures } from './failures-page.ts';
import { REFERENCE_FILE, renderReference } from './workflow-reference.ts';
import { renderSchema, SCHEMA_FILE } from './workflow-schema.ts';

/** `npm run docs:workflow` */
writeFileSync(SCHEMA_FILE, renderSchema());
writeFileSync(REFERENCE_FILE, renderReference());
writeFileSync(FAILURES_FILE, renderFailures());
writeFileSync(CLI_FILE, renderCliPage());
