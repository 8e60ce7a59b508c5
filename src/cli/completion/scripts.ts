import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/**
 * What a shell reads to complete `fleet`. What was typed goes to `fleet complete` as arguments and is never evaluated:
 * pressing Tab must not run a `$(…)` that stands in a pasted line.
 */
export function completionScript(shell: (typeof SHELLS)[number]): string {
  return readFileSync(join(import.meta.dirname, `fleet.${shell}`), 'utf8');
}
