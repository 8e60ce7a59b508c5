import { Refusal } from '../core/refusals.ts';
import { utc } from '../core/render/amounts.ts';
import type { GitHubError } from '../ports/github-reads.ts';

/** What a request comes to that met one of GitHub's limits; it can be tried again from `retryAt` on. */
export function limitReached(error: GitHubError, { silent = false }: { silent?: boolean } = {}): Refusal {
  const until = error.retryAt === null ? 'for now' : `until ${utc(error.retryAt)}`;
  return new Refusal(
    'github_unavailable',
    `GitHub limits the app's requests ${until}.`,
    'Nothing was started. Give the command again after that.',
    { silent, retryAt: error.retryAt ?? 0, cause: error },
  );
}
