import { BARE_CONFIG, makeGitDirectory } from './bare-directory.ts';
import { GitError } from './git-error.ts';
import { readPushReport, rejection } from './push-report.ts';
import type { Remote } from './remote.ts';
import { removeFolder } from './remove-folder.ts';
import { checkBranch } from './workspace-paths.ts';

/** Nothing is sent but a name and two shas. */
const TIMEOUT_MS = 60_000;

/**
 * Deletes one branch, only if it is still at `expected`. Host git runs in an empty directory that nobody else has ever
 * written; a deletion needs no objects.
 * @param gitDir where that directory is made, over what a killed process left there
 * @throws GitError, TaskFailure('push_rejected' | 'permission')
 */
export async function deleteBranch(
  gitDir: string,
  remote: Remote,
  { repository, branch, expected }: { repository: string; branch: string; expected: string },
): Promise<{ result: 'deleted' } | { result: 'moved'; head: string }> {
  const ref = `refs/heads/${checkBranch(branch)}`;
  await removeFolder(gitDir);
  try {
    await makeGitDirectory(gitDir, { alternates: [], config: BARE_CONFIG });
    const lease = `--force-with-lease=${ref}:${expected}`;
    const flags = ['--no-verify', '--porcelain', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'];
    try {
      await remote.run(['push', ...flags, lease, remote.url, `:${ref}`], { gitDir, timeoutMs: TIMEOUT_MS });
      return { result: 'deleted' };
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const report = readPushReport(error.stdout);
      if (report?.outcome === 'pushed') return { result: 'deleted' };
      // Of a branch that is not there git reports nothing, or that the lease is stale: only the remote can tell.
      if (report === null && !/remote ref does not exist/i.test(error.stderr)) throw error;
      const head = (await remote.heads(gitDir, [branch], TIMEOUT_MS)).get(branch);
      if (head === undefined) return { result: 'deleted' };
      if (head !== expected) return { result: 'moved', head };
      const reason = report?.outcome === 'rejected' ? report.reason : 'the branch is locked by another push';
      throw rejection(repository, branch, reason, error);
    }
  } finally {
    await removeFolder(gitDir);
  }
}
