import { TaskFailure } from '../core/failures.ts';
import type { TaskRun } from './context.ts';

const HOLDS_MS = 60 * 60_000;

/**
 * Before anything of the repository is read, and before a push: an answer older than an hour is asked for again.
 * Throws TaskFailure `permission`.
 */
export async function requirePermission({ context, fleet, repository }: TaskRun): Promise<void> {
  const checkedAt = fleet.approvedAt ?? fleet.createdAt;
  if (context.clock.now() - checkedAt <= HOLDS_MS) return;
  const permission = await context.github.reads(fleet.installationId).permission(repository.fullName, fleet.runAs);
  if (!['admin', 'maintain', 'write'].includes(permission)) {
    throw new TaskFailure('permission', `${fleet.runAs.login} can no longer write to ${repository.fullName}.`);
  }
}
