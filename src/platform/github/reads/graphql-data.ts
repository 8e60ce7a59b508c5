import { GraphqlResponseError } from '@octokit/graphql';
import { GitHubError } from '../../../ports/github-reads.ts';
import { retryAt } from '../limit-answer.ts';

/** The data of an answer that also carries errors. GraphQL tells a limit by HTTP 200 with an error. */
export async function dataOf(asking: Promise<unknown>, now: number): Promise<unknown> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof GraphqlResponseError)) throw error;
    const limited = error.errors?.some((one) => one.type === 'RATE_LIMITED' || /\brate limit/i.test(one.message));
    if (limited) {
      throw new GitHubError('limited', 200, `GitHub's GraphQL limit is reached: ${error.message}`, {
        retryAt: retryAt(error.headers, now),
      });
    }
    // GitHub tells so that a query took too long.
    if (!error.data) throw new GitHubError('unknown', 200, `GitHub answered no part of a query: ${error.message}`);
    return error.data;
  }
}
