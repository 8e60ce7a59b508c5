import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Refusal } from './candidates.ts';

/**
 * Submodules of the base that are gone or became something else.
 * What lies inside one is not looked at: its `.git` belongs to untrusted code, and nothing of it is committed.
 * @param submodules paths of the base's, below the tree
 */
export async function changedSubmodules(tree: string, submodules: readonly string[]): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  for (const path of submodules) {
    const stats = await lstat(join(tree, path)).catch(() => null);
    if (stats?.isDirectory() !== true)
      refused.push({ path, reason: 'Submodules may not be added, changed or removed.' });
  }
  return refused;
}
