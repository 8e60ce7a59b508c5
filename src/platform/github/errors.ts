import { z } from 'zod';
import { GitHubError } from '../../ports/github-reads.ts';
import { type AnswerHeaders, isLimit, retryAt } from './limit-answer.ts';

/** What Octokit throws, as far as it is read here; without `response` nothing came back. */
const requestFailure = z.object({
  message: z.string(),
  status: z.number().optional(),
  response: z
    .object({ status: z.number(), headers: z.record(z.string(), z.union([z.string(), z.number(), z.undefined()])) })
    .optional(),
  request: z.object({ method: z.string(), url: z.string() }).optional(),
});

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
export const answeredHeaders = (error: unknown): AnswerHeaders =>
  requestFailure.safeParse(error).data?.response?.headers ?? {};

function describeRequest(request: { method: string; url: string } | undefined): string {
  if (request === undefined) return 'a request';
  return `${request.method} ${URL.canParse(request.url) ? new URL(request.url).pathname : request.url}`;
}

export const isStatus = (error: unknown, status: number): error is GitHubError =>
  error instanceof GitHubError && error.status === status;

/** Whether GitHub said that it is not there, or not for us. */
export const isNotFound = (error: unknown): boolean => isStatus(error, 404) || isStatus(error, 410);
