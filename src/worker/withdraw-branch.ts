import type { PushRow } from '../store/contract/pushes.ts';
import type { TaskRun } from './context.ts';

/** Deletes a branch whose head is still the commit that we pushed; the lease keeps anybody else's commit. */
export async function withdrawBranch(run: TaskRun, pushed: PushRow): Promise<void> {
  const { context, fleet, task, repository } = run;
  const workspace = await context.workspaces.reopen(run.workspaceRequest);
  if (workspace === undefined) return;
  const result = await context.workspaces.push(workspace, {
    installationId: fleet.installationId,
    repositoryId: task.repositoryId,
    repository: repository.fullName,
    branch: pushed.branch,
    sha: null,
    expected: pushed.sha,
  });
  if (result.result === 'stale') {
    context.log.warn({ task: task.id, branch: pushed.branch }, 'left a branch that moved since our push');
  }
}
