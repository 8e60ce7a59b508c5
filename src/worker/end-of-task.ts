import { type FailureCategory, TaskFailure } from '../core/failures.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import { TaskCancelled } from './task-cancelled.ts';
import { TaskParked } from './task-parked.ts';

/** How a task ends that stopped with an error: every error has exactly one category, and `internal` is a bug. */
export function endOf(
  error: unknown,
  stop: { timedOut: boolean; cancelRequested: boolean },
): Exclude<TaskEnd, { status: 'completed' }> {
  if (stop.cancelRequested) return CANCELLED;
  if (stop.timedOut && wasStopped(error)) {
    return { status: 'timed_out', category: 'timeout', reason: 'The task ran longer than `limits.task_timeout`.' };
  }
  if (error instanceof TaskCancelled) {
    return error.message === '' ? CANCELLED : { status: 'cancelled', reason: error.message.slice(0, MAX_REASON) };
  }
  if (error instanceof TaskFailure) {
    if (error.category === 'cancelled') return { status: 'cancelled', reason: error.message.slice(0, MAX_REASON) };
    const status = error.category === 'timeout' ? 'timed_out' : 'failed';
    return { status, category: error.category, reason: error.message };
  }
  if (error instanceof TaskParked) return { status: 'failed', category: 'network', reason: error.message };
  if (error instanceof GitHubError) {
    return { status: 'failed', category: categoryOfGitHub(error), reason: error.message };
  }
  return { status: 'failed', category: 'internal', reason: error instanceof Error ? error.message : String(error) };
}

/** By the signal, and not by something that GitHub or a command said while the time ran out. */
function wasStopped(error: unknown): boolean {
  return error instanceof TaskCancelled || (error instanceof TaskFailure && error.category === 'cancelled');
}

/** Of the text that a `cancel` node renders. */
const MAX_REASON = 2_000;

const CANCELLED: TaskEnd & { status: 'cancelled' } = {
  status: 'cancelled',
  reason: 'Cancelled before anything was pushed.',
};

export function categoryOfGitHub(error: GitHubError): FailureCategory {
  switch (error.kind) {
    case 'limited':
      return 'rate_limited';
    case 'unknown':
      return 'network';
    case 'refused':
      return isGone(error) ? 'not_found' : 'permission';
  }
}

/** A token that is to reach a deleted repository alone is refused with 422 (GitHub, "Create an installation access token"). */
function isGone({ status, message }: GitHubError): boolean {
  return status === 404 || status === 410 || /repository that does not exist or is not accessible/i.test(message);
}
