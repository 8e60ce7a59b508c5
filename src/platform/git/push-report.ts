import { TaskFailure } from '../../core/failures.ts';
import type { GitError } from './git-error.ts';
import { categoryOf } from './git-failure.ts';

export type PushReport =
  | { outcome: 'pushed' }
  /** The branch is not where it was expected, or another push may have been faster: look at the remote. */
  | { outcome: 'moved' }
  | { outcome: 'rejected'; reason: string };

/**
 * Reads `git push --porcelain` for its one ref: `<flag> TAB <from>:<to> TAB <summary> (<reason>)`, see git-push(1).
 * null: it holds no line for a ref.
 */
export function readPushReport(porcelain: string): PushReport | null {
  const line = porcelain.split('\n').find((text) => /^[ +*=!-]\t/.test(text));
  if (line === undefined) return null;
  const [flag, , summary = ''] = line.split('\t');
  if (flag !== '!') return { outcome: 'pushed' };
  const moved =
    /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|already exists|incorrect old value/i;
  return moved.test(summary) ? { outcome: 'moved' } : { outcome: 'rejected', reason: summary };
}

/** Of the ref, or of a hook: it decides about this push alone. */
const REFUSES_APP = /refusing to allow a (?:GitHub App|OAuth App|personal access token)/i;

const isForbidden = (error: GitError): boolean => categoryOf(error, 'push_rejected') === 'permission';

/** What the remote said about a rejected push, in its own words. */
export function rejection(repository: string, branch: string, reason: string, error: GitError): TaskFailure {
  const said = error.stderr
    .split('\n')
    .flatMap((line) => (line.startsWith('remote:') ? [line.slice('remote:'.length).trim()] : []))
    .filter((line) => line !== '');
  const isPermission = [reason, ...said].some((line) => REFUSES_APP.test(line)) || isForbidden(error);
  return new TaskFailure(
    isPermission ? 'permission' : 'push_rejected',
    [`${repository} did not accept the push to ${branch}: ${reason}`, ...said].join('\n'),
    { cause: error },
  );
}
