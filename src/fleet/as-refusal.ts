import { Refusal } from '../core/refusals.ts';
import { GitHubError } from '../ports/github-reads.ts';
import { limitReached } from './limit-reached.ts';

/** What a verb threw, as what its sender is told. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof GitHubError && error.kind === 'limited') return limitReached(error);
  if (error instanceof GitHubError) {
    return new Refusal(
      'github_unavailable',
      `GitHub answered ${error.status === 0 ? 'nothing' : error.status} while the command was being worked on.`,
      'Nothing was started. Give the command again in a few minutes.',
      { cause: error },
    );
  }
  return new Refusal(
    'internal',
    'Nothing was started.',
    "Please report it with the time of this comment; the server's log says more.",
    { cause: error },
  );
}
