import { TaskFailure } from '../core/failures.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { TaskRun, WorkerContext } from './context.ts';

/**
 * Everything the task needs to know before it touches a disk. Throws TaskFailure `not_found` for a repository that is
 * gone, `permission` for one that was archived, `conflict` for a branch of another fleet.
 */
export async function openRun(context: WorkerContext, task: TaskRow & Lease, signal: AbortSignal): Promise<TaskRun> {
  const fleet = await context.store.read.fleets.get(task.fleetId);
  if (fleet === undefined) throw new Error(`Task ${task.id} belongs to no fleet`);
  const reads = context.github.reads(fleet.installationId);
  const repository = await reads.repository(task.repository);
  if (repository === undefined || repository.id !== task.repositoryId) {
    throw new TaskFailure('not_found', `${task.repository} is gone, or out of the app's reach.`);
  }
  if (repository.archived)
    throw new TaskFailure('permission', `${task.repository} was archived since the plan was made.`);

  const ours = await context.store.write((tx) => tx.tasks.claimBranch(task.repositoryId, fleet.branch, fleet.fleetKey));
  if (!ours) throw new TaskFailure('conflict', `The branch ${fleet.branch} belongs to a fleet with other inputs.`);

  const workspaceRequest = {
    installationId: fleet.installationId,
    fleetId: fleet.id,
    taskId: task.id,
    attempt: task.attempt,
    repositoryId: task.repositoryId,
    repository: repository.fullName,
    baseBranch: fleet.plan.workflow.pullRequest.base,
    defaultBranch: repository.defaultBranch,
    branch: fleet.branch,
  };
  return { context, fleet, task, repository, workspaceRequest, signal };
}
