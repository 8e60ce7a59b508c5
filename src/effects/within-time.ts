import { GitHubError } from '../ports/github-reads.ts';

/** The answer, or GitHubError('unknown') after `ms`: the request may still land. Monotonic, so no test clock moves it. */
export async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const cut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GitHubError('unknown', 0, `no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, cut]);
  } finally {
    clearTimeout(timer);
  }
}
