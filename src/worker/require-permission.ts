import { TaskFailure } from '../core/failures.ts';
import type { TaskRun, WorkerContext } from './context.ts';

const HOLDS_MS = 60 * 60_000;

interface Place {
  context: Pick<WorkerContext, 'clock' | 'github'>;
  fleet: TaskRun['fleet'];
  repository: Pick<TaskRun['repository'], 'fullName'>;
}

/**
 * Before anything of the repository is read, before a push and before an undo: an answer older than an hour is asked for again.
 * Throws TaskFailure `permission`.
 */
export async function requirePermission({ context, fleet, repository }: Place): Promise<void> {
  const checkedAt = fleet.approvedAt ?? fleet.createdAt;
  if (context.clock.now() - checkedAt <= HOLDS_MS) return;
  const permission = await context.github.reads(fleet.installationId).permission(repository.fullName, fleet.runAs);
  if (!['admin', 'maintain', 'write'].includes(permission)) {
    throw new TaskFailure('permission', `${fleet.runAs.login} can no longer write to ${repository.fullName}.`);
  }
}
