import { TaskFailure } from '../core/failures.ts';
import type { CommitFile } from '../ports/github-writes.ts';
import type { ChangedFile, Workspace } from '../ports/workspace.ts';
import type { TaskRun } from './context.ts';
import { describePullRequest } from './describe-pull-request.ts';

/** Has GitHub make the commit of the workspace's change, which it then shows as Verified. */
export async function commitFiles(
  run: TaskRun,
  workspace: Workspace,
  expected: string | null,
  beforeMove: (sha: string) => Promise<void>,
): Promise<void> {
  const { context, fleet, repository } = run;
  const snapshot = await context.workspaces.snapshot(workspace);
  const files: CommitFile[] = [];
  for (const change of snapshot.changes) files.push(await commitFile(run, workspace, change));
  const { commitMessage } = await describePullRequest(run);
  await context.github.writes(fleet.installationId).commitFiles(
    {
      repository: repository.fullName,
      branch: fleet.branch,
      baseSha: workspace.baseSha,
      baseBranch: workspace.baseBranch,
      expected,
      message: commitMessage,
      files,
    },
    beforeMove,
  );
}

async function commitFile(run: TaskRun, workspace: Workspace, change: ChangedFile): Promise<CommitFile> {
  if (change.status === 'deleted') return { path: change.path, mode: '100644', content: null };
  const mode = change.newMode;
  if (mode !== '100644' && mode !== '100755' && mode !== '120000') {
    throw new TaskFailure(
      'push_rejected',
      `${JSON.stringify(change.path)} has the mode ${mode}, which a commit by the API cannot hold.`,
    );
  }
  return { path: change.path, mode, content: await run.context.workspaces.blob(workspace, change.sha) };
}
