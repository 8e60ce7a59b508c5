import { inject } from 'vitest';
import { COMPILE_CACHE } from '../../compile-cache.ts';
import { owner } from './heard.ts';

/** Environment of a process that a test starts, so that its local GitHub is compared with GitHub's contract too. */
export function watchedProcess(): Record<string, string> {
  return {
    ...COMPILE_CACHE,
    NODE_OPTIONS: `--import=${new URL('./watch-child.ts', import.meta.url).href}`,
    CONTRACT_FOLDER: inject('contractFolder'),
    CONTRACT_OWNER: owner,
  };
}
