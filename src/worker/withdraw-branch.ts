import type { TaskRun } from './context.ts';

/** Deletes a branch whose head is still the commit that we pushed last; the lease keeps anybody else's commit. */
export async function withdrawBranch(run: TaskRun): Promise<void> {
  const { context, fleet, task, repository } = run;
  const pushes = await context.store.read.pushes.ofBranch(task.repositoryId, fleet.branch);
  const pushed = pushes.find(({ state }) => state === 'pushed');
  const workspace = await context.workspaces.reopen(run.workspaceRequest);
  if (workspace === undefined || pushed === undefined) return;
  const result = await context.workspaces.push(workspace, {
    installationId: fleet.installationId,
    repositoryId: task.repositoryId,
    repository: repository.fullName,
    branch: fleet.branch,
    sha: null,
    expected: pushed.sha,
  });
  if (result.result === 'stale') {
    context.log.warn({ task: task.id, branch: fleet.branch }, 'left a branch that moved since our push');
  }
}
