import { TaskFailure } from '../core/failures.ts';
import { limitOverAt } from '../core/pacing.ts';
import { GitHubError } from '../ports/github-reads.ts';

/** By GitHub's API or by its git. */
export function isLimited(error: unknown): error is GitHubError | TaskFailure {
  if (error instanceof GitHubError) return error.kind === 'limited';
  return error instanceof TaskFailure && error.category === 'rate_limited';
}

/** When GitHub may be asked again after such an error; epoch milliseconds. */
export function askAgainAt(error: GitHubError | TaskFailure, now: number): number {
  return limitOverAt(error instanceof GitHubError ? error.retryAt : null, now);
}
