import { join } from 'node:path';
import type { PushResult } from '../../ports/workspace.ts';
import { GitError } from './git-error.ts';
import { readPushReport, rejection } from './push-report.ts';
import type { Remote } from './remote.ts';
import { checkBranch, type WorkspacePaths } from './workspace-paths.ts';

/**
 * Pushes one sha to one branch, only if that branch is still at `expected` (null: only if there is none).
 * Host git runs in the mirror, which nobody but our fetches writes, and borrows the commit's objects: in the control directory
 * it would obey what a git that reads untrusted files may have left. Their folder is quoted, so that a colon in the data
 * directory's path does not split it (git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES).
 * A push whose answer was lost but which landed counts as pushed.
 * @throws GitError, TaskFailure('push_rejected' | 'permission')
 */
export async function pushCommit(
  paths: WorkspacePaths,
  mirror: string,
  remote: Remote,
  push: { repository: string; branch: string; sha: string; expected: string | null },
): Promise<PushResult> {
  const ref = `refs/heads/${checkBranch(push.branch)}`;
  const lease = `--force-with-lease=${ref}:${push.expected ?? ''}`;
  const flags = ['--no-verify', '--porcelain', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'];
  try {
    await remote.run(['push', ...flags, lease, remote.url, `${push.sha}:${ref}`], {
      gitDir: mirror,
      env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(paths.ctl, 'objects')) },
    });
    return { result: 'pushed' };
  } catch (error) {
    const report = error instanceof GitError ? readPushReport(error.stdout) : null;
    if (report === null || !(error instanceof GitError)) throw error;
    if (report.outcome === 'pushed') return { result: 'pushed' };
    const head = (await remote.heads(mirror, [push.branch])).get(push.branch) ?? null;
    if (head === push.sha) return { result: 'pushed' };
    if (report.outcome === 'moved' && head !== push.expected) return { result: 'stale', head };
    const reason = report.outcome === 'rejected' ? report.reason : 'the branch is locked by another push';
    throw rejection(push.repository, push.branch, reason, error);
  }
}
