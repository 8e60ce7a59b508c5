import { type FailureCategory, TaskFailure } from '../../core/failures.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import { isLimit, retryAt } from '../github/limit-answer.ts';
import { GitError } from './git-error.ts';

const UNAUTHORIZED =
  /authentication failed|could not read (?:username|password)|returned error: 401|invalid credentials/i;

/** First match wins; git says these in English because LC_ALL is C. */
const REASONS: readonly (readonly [FailureCategory, RegExp])[] = [
  // Where the trace told no answer, or one that the rules of the API do not know.
  ['rate_limited', /returned error: 429|rate limit/i],
  ['permission', UNAUTHORIZED],
  ['permission', /returned error: 403|permission to .* denied|write access to repository not granted/i],
  ['not_found', /returned error: (?:404|410|30[1278])|repository '' not found|remote: repository not found/i],
  ['not_found', /does not appear to be a git repository/i],
  ['network', /returned error: 5\d\d|could not resolve|couldn't connect|failed to connect|empty reply|broken pipe/i],
  ['network', /connection (?:timed out|reset|refused|was)|timed out|too slow|network is unreachable|recv failure/i],
  ['network', /transfer closed|partial file|not closed cleanly|http\/?2 framing/i],
  ['network', /early eof|unexpected disconnect|hung up unexpectedly|rpc failed|ssl|tls|certificate/i],
];

/** Where the server answered the request itself with no: no hook of a repository has run, so all that it says is its own. */
const ANSWERED_NO =
  /returned error: 4\d\d|authentication failed|could not read (?:username|password)|repository '' not found/i;

const NETWORK_VERBS: ReadonlySet<string> = new Set(['fetch', 'push', 'ls-remote']);

/**
 * What git and the server said of a request, without what a repository can put there: names of files, of refs and of the
 * repository itself, and what its hooks print. A file named "rate limit" would else close GitHub for everybody.
 */
function trusted(error: GitError): string {
  if (!NETWORK_VERBS.has(error.verb)) return '';
  const lines = error.stderr.split('\n');
  const own = lines
    .filter((line) => /^(?:fatal|error|warning|fetch-pack|send-pack):/.test(line))
    .map((line) => line.replace(/(^|\s)'[^']*'/g, "$1''").replace(/refs\/\S+/g, ''))
    .join('\n');
  return ANSWERED_NO.test(own) ? [own, ...lines.filter((line) => line.startsWith('remote:'))].join('\n') : own;
}

/** Whether GitHub did not accept the token, which a fresh one may mend. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof GitError && UNAUTHORIZED.test(trusted(error));
}

/** Whether the repository has another name now; to git, which may not follow, that is an error. */
export function isRedirected(error: unknown): boolean {
  return error instanceof GitError && /returned error: 30[1278]/i.test(trusted(error));
}

/** The limit of GitHub's that ended a request, by the rules of its API; `now` in epoch milliseconds. null: none did. */
export function limitMetBy(error: unknown, repository: string, now: number): GitHubError | null {
  if (!(error instanceof GitError) || error.aborted || error.timedOut || error.answer === null) return null;
  const { status, headers } = error.answer;
  if (!isLimit(status, headers, trusted(error))) return null;
  const message = `GitHub answered ${status} to git ${error.verb} of ${repository}: ${error.stderr.trim()}`;
  return new GitHubError('limited', status, message, { retryAt: retryAt(headers, now), cause: error });
}

/** What stopped git, else the category that it or the server named for a request, or `otherwise`. */
export function categoryOf(error: GitError, otherwise: FailureCategory): FailureCategory {
  if (error.aborted) return 'cancelled';
  if (error.timedOut) return NETWORK_VERBS.has(error.verb) ? 'network' : 'timeout';
  const said = trusted(error);
  return REASONS.find(([, pattern]) => pattern.test(said))?.[0] ?? otherwise;
}

/** What any error of a git operation means for the task; `doing` is the sentence's start, such as "Cannot fetch acme/x". */
export function toTaskFailure(error: unknown, doing: string, otherwise: FailureCategory): TaskFailure | GitHubError {
  // Of the token that git needs: whether to wait or to give up is the caller's to decide.
  if (error instanceof TaskFailure || error instanceof GitHubError) return error;
  if (error instanceof GitError) {
    return new TaskFailure(categoryOf(error, otherwise), `${doing}: ${error.message}`, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new TaskFailure(otherwise, `${doing}: ${reason}`, { cause: error });
}

/** Runs git work that touches no network; whatever goes wrong there is `category`, unless its time or its signal ended it. */
export async function locally<T>(doing: string, category: FailureCategory, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TaskFailure) throw error;
    const stopped = error instanceof GitError && (error.aborted || error.timedOut);
    const reason = error instanceof Error ? error.message : String(error);
    throw new TaskFailure(stopped ? categoryOf(error, category) : category, `${doing}: ${reason}`, { cause: error });
  }
}
