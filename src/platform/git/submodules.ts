import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Refusal } from './candidates.ts';
import { type GitCall, runGit } from './run-git.ts';

/**
 * Submodules of the base that are gone or became something else.
 * What lies inside one is not looked at: its `.git` belongs to untrusted code, and nothing of it is committed.
 */
export async function changedSubmodules(tree: string, base: GitCall): Promise<Refusal[]> {
  const { stdout } = await runGit(['ls-files', '-z', '--stage'], base);
  const paths = stdout
    .toString('utf8')
    .split('\0')
    .flatMap((line) => (line.startsWith('160000 ') ? [line.slice(line.indexOf('\t') + 1)] : []));
  const refused: Refusal[] = [];
  for (const path of paths) {
    const stats = await lstat(join(tree, path)).catch(() => null);
    if (stats?.isDirectory() !== true)
      refused.push({ path, reason: 'Submodules may not be added, changed or removed.' });
  }
  return refused;
}
