import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRef } from './read-ref.ts';
import { runGit } from './run-git.ts';

/**
 * Sets a ref of a mirror without a process, as each task sets one. In the way of git itself: a file that nobody else makes
 * meanwhile, in place of the ref when it is whole and on disk. Only under the mirror's lock.
 * @param ref whole name, one of ours, in a folder that has refs alone
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export async function writeRef(mirror: string, ref: string, sha: string): Promise<void> {
  const path = join(mirror, ref);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(`${path}.lock`, 'wx');
  try {
    await file.writeFile(`${sha}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.lock`, path);
}

/** The other way; a ref that is not there is deleted already. Only under the mirror's lock. @throws GitError */
export async function deleteRef(mirror: string, ref: string): Promise<void> {
  await rm(join(mirror, ref), { force: true });
  // Somebody packed the mirror's refs: that file is git's to write.
  if ((await readRef(mirror, ref)) !== undefined) await runGit(['update-ref', '-d', ref], { gitDir: mirror });
}
