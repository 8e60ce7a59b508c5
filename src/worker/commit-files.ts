import { TaskFailure } from '../core/failures.ts';
import type { CommitFile } from '../ports/github-writes.ts';
import type { ChangedFile, Snapshot } from '../ports/workspace.ts';
import { changedContents } from './changed-contents.ts';
import type { OpenRun } from './context.ts';

/** Has GitHub make the commit of the change, which it then shows as Verified. Throws GitHubError. */
export async function commitFiles(
  run: OpenRun,
  snapshot: Snapshot,
  expected: string | null,
  message: string,
  beforeMove: (sha: string) => Promise<void>,
): Promise<{ sha: string }> {
  const { context, fleet, repository, workspace } = run;
  const kept = snapshot.changes.filter(({ status }) => status !== 'deleted');
  const contentOf = await changedContents(
    run,
    snapshot,
    kept.map(({ sha }) => sha),
  );
  const files = snapshot.changes.map((change) => commitFile(change, contentOf));
  const { baseSha, baseBranch } = workspace;
  const commit = {
    repository: repository.fullName,
    branch: fleet.branch,
    baseSha,
    baseBranch,
    expected,
    message,
    files,
  };
  return context.github.writes(fleet.installationId).commitFiles(commit, beforeMove);
}

function commitFile(change: ChangedFile, contentOf: (sha: string) => Uint8Array): CommitFile {
  if (change.status === 'deleted') return { path: change.path, mode: '100644', content: null };
  const mode = change.newMode;
  if (mode !== '100644' && mode !== '100755' && mode !== '120000') {
    throw new TaskFailure(
      'push_rejected',
      `${JSON.stringify(change.path)} has the mode ${mode}, which a commit by the API cannot hold.`,
    );
  }
  return { path: change.path, mode, content: contentOf(change.sha) };
}
