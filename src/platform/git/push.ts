import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PushResult } from '../../ports/workspace.ts';
import { BARE_CONFIG, makeGitDirectory } from './bare-directory.ts';
import { GitError } from './git-error.ts';
import { readPushReport, rejection } from './push-report.ts';
import type { Remote } from './remote.ts';
import { checkBranch, type WorkspacePaths } from './workspace-paths.ts';

/**
 * Pushes one sha to one branch, only if that branch is still at `expected` (null: only if there is none).
 * Host git runs in a directory that nobody else has ever written; the objects are borrowed.
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
  const gitDir = await mkdtemp(join(paths.path, 'push-'));
  try {
    await makeGitDirectory(gitDir, { alternates: [], config: BARE_CONFIG });
    const lease = `--force-with-lease=${ref}:${push.expected ?? ''}`;
    const flags = ['--no-verify', '--porcelain', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'];
    try {
      await remote.run(['push', ...flags, lease, remote.url, `${push.sha}:${ref}`], {
        gitDir,
        env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates([join(paths.ctl, 'objects'), join(mirror, 'objects')]) },
      });
      return { result: 'pushed' };
    } catch (error) {
      const report = error instanceof GitError ? readPushReport(error.stdout) : null;
      if (report === null || !(error instanceof GitError)) throw error;
      if (report.outcome === 'pushed') return { result: 'pushed' };
      const head = (await remote.heads(gitDir, [push.branch])).get(push.branch) ?? null;
      if (head === push.sha) return { result: 'pushed' };
      if (report.outcome === 'moved' && head !== push.expected) return { result: 'stale', head };
      const reason = report.outcome === 'rejected' ? report.reason : 'the branch is locked by another push';
      throw rejection(push.repository, push.branch, reason, error);
    }
  } finally {
    await rm(gitDir, { recursive: true, force: true });
  }
}

/** Quoted, so that a colon in the data directory's path does not split it (git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES). */
const alternates = (folders: readonly string[]): string => folders.map((folder) => JSON.stringify(folder)).join(':');
