import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** File with the filter of system calls, see filter-program.ts; null: there is none for this architecture. */
export function syscallFilter(architecture: string): string | null {
  const file = join(import.meta.dirname, `${architecture}.bpf`);
  return existsSync(file) ? file : null;
}
