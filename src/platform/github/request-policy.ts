import { setTimeout as pause } from 'node:timers/promises';
import type { Octokit } from '@octokit/rest';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { GitHubAnswer } from '../../ports/metrics.ts';
import { answeredHeaders, toGitHubError } from './errors.ts';

export interface RequestPolicy {
  clock: Clock;
  log: Log;
  /** A request without an answer is cut after this many milliseconds. */
  timeoutMs: number;
  /** Pauses before a read is asked again, in milliseconds; its length is the number of further tries. */
  readRetryDelaysMs: readonly number[];
  /** The authorization header's value; `fresh` after a 401. Absent: the client's own strategy authorizes. */
  authorization?: (fresh: boolean) => Promise<string>;
  /** Told of every request, also of those that are made again. */
  answered?: (answer: Omit<GitHubAnswer, 'installationId'>) => void;
}

type Hooked = Pick<Octokit, 'hook'>;

/**
 * Every request of a client goes through here: cut at the timeout, authorized at use, one fresh token after a 401,
 * and every failure a GitHubError. Reads are asked again where there was no definite answer; creations and edits never,
 * because GitHub has no idempotency for them.
 */
export function applyRequestPolicy(octokit: Hooked, policy: RequestPolicy): void {
  octokit.hook.wrap('request', async (request, options) => {
    let fresh = false;
    let tries = 0;
    for (;;) {
      const startedAt = performance.now();
      try {
        // Changed in place: a hook that is registered before gets these options, not the ones that it is called with.
        const authorization = await policy.authorization?.(fresh);
        if (authorization !== undefined) options.headers.authorization = authorization;
        options.request.signal = AbortSignal.timeout(policy.timeoutMs);
        const response = await request(options);
        tell(policy, options, response, startedAt);
        return response;
      } catch (error) {
        const failure = toGitHubError(error, policy.clock.now());
        tell(policy, options, { status: failure.status, headers: answeredHeaders(error) }, startedAt);
        if (failure.status === 401 && !fresh && policy.authorization !== undefined) {
          fresh = true;
          continue;
        }
        const delay = policy.readRetryDelaysMs[tries];
        if (failure.kind !== 'unknown' || delay === undefined || !isRepeatable(options)) throw failure;
        tries += 1;
        await pause(delay);
      }
    }
  });
}

/** Reads, GraphQL queries (no mutation is ever sent), and the minting and checking of tokens change nothing on GitHub. */
function isRepeatable({ method, url }: { method: string; url: string }): boolean {
  if (method === 'GET' || method === 'HEAD' || url.endsWith('/graphql')) return true;
  return url.endsWith('/access_tokens') || url === '/applications/{client_id}/token';
}

function tell(
  { log, answered }: RequestPolicy,
  { method, url: route }: { method: string; url: string },
  { status, headers }: Pick<GitHubAnswer, 'status' | 'headers'>,
  startedAt: number,
): void {
  const durationMs = performance.now() - startedAt;
  log.debug({ method, route, status, durationMs: Math.round(durationMs) }, 'asked GitHub');
  answered?.({ method, status, durationMs, headers });
}
