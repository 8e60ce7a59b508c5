import { TaskFailure } from '../core/failures.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { TaskRun, WorkerContext } from './context.ts';

/**
 * Everything the task needs to know before it touches a disk. Throws TaskFailure `not_found` for a repository that is
 * gone, `permission` for one that was archived, `config` for a branch that is the one to be merged into.
 */
export async function openRun(
  context: WorkerContext,
  task: TaskRow & Lease,
  signals: Pick<TaskRun, 'signal' | 'draining'>,
): Promise<TaskRun> {
  const fleet = await context.store.read.fleets.get(task.fleetId);
  if (fleet === undefined) throw new Error(`Task ${task.id} belongs to no fleet`);
  if (task.publishingAt !== null) return asRecorded(context, fleet, task, signals);

  const claimedAt = context.clock.now();
  const reads = context.github.reads(fleet.installationId);
  const { repository: target, branch } = task;
  const { base } = fleet.plan.workflow.pullRequest;
  const facts = await reads.taskFacts({ target, control: fleet.controlRepository, base, branch });
  const repository = facts.target ?? (await reads.repository(task.repository));
  if (repository === undefined || repository.id !== task.repositoryId) {
    throw new TaskFailure('not_found', `${task.repository} is gone, or out of the app's reach.`);
  }
  if (repository.archived) {
    throw new TaskFailure('permission', `${task.repository} was archived since the plan was made.`);
  }
  if (fleet.branch === repository.defaultBranch || fleet.branch === base) {
    throw new TaskFailure(
      'config',
      `The workflow's branch ${fleet.branch} is the one that pull requests go into here.`,
    );
  }
  const names = requestOf(fleet, task, repository.fullName, base, repository.defaultBranch);
  const workspaceRequest = { ...names, heads: facts.heads };
  return { context, fleet, task, repository, workspaceRequest, facts, claimedAt, ...signals };
}

/** A task that had begun to publish asks GitHub nothing again: it may be one of hundreds that wait for its limits. */
function asRecorded(
  context: WorkerContext,
  fleet: FleetRow,
  task: TaskRow & Lease,
  signals: Pick<TaskRun, 'signal' | 'draining'>,
): TaskRun {
  const target = fleet.plan.targets.find(({ repositoryId }) => repositoryId === task.repositoryId);
  const repository = { fullName: task.repository, visibility: target?.visibility ?? 'private' } as const;
  const base = task.baseBranch ?? '';
  return {
    context,
    fleet,
    task,
    repository,
    workspaceRequest: requestOf(fleet, task, task.repository, base, base),
    facts: {},
    claimedAt: context.clock.now(),
    ...signals,
  };
}

function requestOf(
  fleet: FleetRow,
  task: TaskRow,
  repository: string,
  baseBranch: string | null,
  defaultBranch: string,
): TaskRun['workspaceRequest'] {
  return {
    installationId: fleet.installationId,
    fleetId: fleet.id,
    taskId: task.id,
    attempt: task.attempt,
    repositoryId: task.repositoryId,
    repository,
    folder: task.repository,
    baseBranch,
    defaultBranch,
    branch: fleet.branch,
  };
}
