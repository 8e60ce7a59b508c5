import { TaskFailure } from '../core/failures.ts';
import { GitHubError } from '../ports/github-reads.ts';

/** How git, the system's programs, Node and SQLite say that there is no room. */
const NO_ROOM = /no space left on device|disk quota exceeded|database or disk is full|ENOSPC|EDQUOT/i;
const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** Says what a command or GitHub said, not what we met. */
const OTHERS: ReadonlySet<string> = new Set(['command', 'agent', 'push_rejected']);

/** Whether a write of ours met a full disk. A command of the workflow that met one fails with its own words. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof GitHubError || (error instanceof TaskFailure && OTHERS.has(error.category))) return false;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (('code' in cause && CODES.has(cause.code)) || NO_ROOM.test(cause.message)) return true;
  }
  return false;
}
