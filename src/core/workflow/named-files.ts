import type { ScriptNode } from './types.ts';

/** By the ending of the file's name; null: it does not say. */
export function runtimeOf(file: string): ScriptNode['runtime'] | null {
  if (file.endsWith('.py')) return 'python';
  return /\.(js|mjs|cjs|ts|mts)$/.test(file) ? 'node' : null;
}

/** Of `migrate`, the file `migrate.md`. */
export const commandFile = (name: string): string => (name.endsWith('.md') ? name : `${name}.md`);
