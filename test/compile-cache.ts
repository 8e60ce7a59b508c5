import { join } from 'node:path';

/** Environment of a process that a test starts from our sources: half of its start is reading TypeScript. */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile'),
};
