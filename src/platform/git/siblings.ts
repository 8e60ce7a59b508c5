import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../ports/sandbox.ts';
import { NO_CONVERSION } from './checkout.ts';
import { inMirror } from './git-box.ts';
import { fetchBranch } from './mirror.ts';
import type { KeyedLock } from './mirror-lock.ts';
import type { Remote } from './remote.ts';
import { runGit } from './run-git.ts';
import { safeName, type WorkspacePaths } from './workspace-paths.ts';

/**
 * Writes the files of another repository's branch beside the tree, as a copy of the task's own: without a git directory
 * there is nothing to push from, and nothing that the mirror would have to keep.
 * @returns the branch's head
 * @throws GitError, TaskFailure('not_found')
 */
export async function checkoutSibling(
  paths: Pick<WorkspacePaths, 'siblings' | 'scratch'>,
  source: { mirror: string; lock: KeyedLock; remote: Remote; sandbox: Sandbox },
  sibling: { repository: string; branch: string },
  signal?: AbortSignal,
): Promise<string> {
  const { mirror, lock, remote, sandbox } = source;
  const [owner, name] = sibling.repository.split('/');
  const folder = join(paths.siblings, safeName(owner ?? ''), safeName(name ?? ''));
  const sha = await fetchBranch(mirror, lock, remote, sibling, signal);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const index = join(paths.scratch, 'sibling-index');
  for (const file of [index, `${index}.lock`]) await rm(file, { force: true });
  // Of the mirror, as git asks the git directory before the files: a tree that lies about its encoding could not be read.
  await writeFile(join(mirror, 'info', 'attributes'), NO_CONVERSION);
  const call = { ...inMirror({ paths, mirror, sandbox }, folder), env: { GIT_INDEX_FILE: index }, signal };
  await runGit(['read-tree', sha], call);
  await runGit(['checkout-index', '-a', '-f', '-q'], call);
  await rm(index, { force: true });
  return sha;
}
