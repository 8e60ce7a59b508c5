import { TaskFailure } from '../core/failures.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { TaskRun } from './context.ts';

/**
 * Deletes a branch that no open pull request shows and whose head is still the commit that we pushed last; the lease
 * keeps anybody else's commit. Records branch_deleted. Never fails: what could not be done is told in the sentence that it returns.
 */
export async function withdrawBranch(run: TaskRun): Promise<string> {
  const { context, fleet, task } = run;
  try {
    return (await withdraw(run)) ? 'The branch was taken back.' : `The branch ${fleet.branch} was left as it is.`;
  } catch (error) {
    if (!(error instanceof TaskFailure) && !(error instanceof GitHubError)) throw error;
    context.log.warn({ task: task.id, branch: fleet.branch, err: error }, 'a branch could not be taken back');
    return `The branch ${fleet.branch} could not be taken back.`;
  }
}

async function withdraw({ context, fleet, task, repository }: TaskRun): Promise<boolean> {
  const shown = await context.github.writes(fleet.installationId).pullRequests(repository.fullName, fleet.branch);
  if (shown.some(({ state }) => state === 'open')) return false;
  const pushes = await context.store.read.pushes.ofBranch(task.repositoryId, fleet.branch);
  // Also one without an answer may have landed.
  const pushed = pushes.find(({ state }) => state !== 'refused');
  if (pushed === undefined) return false;
  const { result } = await context.workspaces.deleteBranch({
    installationId: fleet.installationId,
    repositoryId: task.repositoryId,
    repository: repository.fullName,
    branch: fleet.branch,
    expected: pushed.sha,
  });
  if (result !== 'deleted') return false;
  // The log tells the end of what it told: of one without an answer nobody knows whether it was ever there.
  if (pushed.state === 'pushed') {
    await context.store.write((tx) => tx.pushes.withdrawn(task, pushed.sha, context.clock.now()));
  }
  return true;
}
