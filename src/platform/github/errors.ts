import { z } from 'zod';
import { GitHubError } from '../../ports/github-reads.ts';

/** What Octokit throws, as far as it is read here; without `response` nothing came back. */
const requestFailure = z.object({
  message: z.string(),
  status: z.number().optional(),
  response: z
    .object({ status: z.number(), headers: z.record(z.string(), z.union([z.string(), z.number(), z.undefined()])) })
    .optional(),
  request: z.object({ method: z.string(), url: z.string() }).optional(),
});

type Headers = Readonly<Record<string, string | number | undefined>>;

const MINUTE = 60_000;

/**
 * Turns whatever a request threw into the port's error. `now` in epoch milliseconds.
 * Octokit's own error is not kept as the cause, because it carries the request's body.
 */
export function toGitHubError(error: unknown, now: number): GitHubError {
  if (error instanceof GitHubError) return error;
  const parsed = requestFailure.safeParse(error);
  if (!parsed.success)
    return new GitHubError('unknown', 0, `GitHub could not be asked: ${String(error)}`, { cause: error });
  const { response, message } = parsed.data;
  const asked = describeRequest(parsed.data.request);
  if (response === undefined) return new GitHubError('unknown', 0, `No answer to ${asked}: ${message}`);
  const { status, headers } = response;
  const text = `GitHub answered ${status} to ${asked}: ${message}`;
  if (isLimit(status, headers, message)) {
    return new GitHubError('limited', status, text, { retryAt: retryAt(headers, now) });
  }
  return new GitHubError(status >= 500 || status === 408 ? 'unknown' : 'refused', status, text);
}

/** Of the answer in what a request threw; empty: there was none. */
export const answeredHeaders = (error: unknown): Headers =>
  requestFailure.safeParse(error).data?.response?.headers ?? {};

/**
 * When a limit ends, in epoch milliseconds: `retry-after`, else `x-ratelimit-reset` when nothing remains, else a minute.
 * The reset is GitHub's clock, so it is read against the answer's own date.
 * Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function retryAt(headers: Headers, now: number): number {
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after) && after >= 0) return now + after * 1000;
  const reset = Number(headers['x-ratelimit-reset']);
  if (isSpent(headers) && Number.isFinite(reset)) {
    const answeredAt = Date.parse(String(headers.date ?? ''));
    return Number.isNaN(answeredAt) ? reset * 1000 : now + Math.max(0, reset * 1000 - answeredAt);
  }
  return now + MINUTE;
}

function isLimit(status: number, headers: Headers, message: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return headers['retry-after'] !== undefined || isSpent(headers) || /secondary rate limit/i.test(message);
}

const isSpent = (headers: Headers): boolean => String(headers['x-ratelimit-remaining']) === '0';

function describeRequest(request: { method: string; url: string } | undefined): string {
  if (request === undefined) return 'a request';
  return `${request.method} ${URL.canParse(request.url) ? new URL(request.url).pathname : request.url}`;
}

export const isStatus = (error: unknown, status: number): error is GitHubError =>
  error instanceof GitHubError && error.status === status;

/** Whether GitHub said that it is not there, or not for us. */
export const isNotFound = (error: unknown): boolean => isStatus(error, 404) || isStatus(error, 410);
