/** What GitHub's answers say of its limits: the same by its API and by its git. */

/** By name, in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | number | undefined>>;

const MINUTE = 60_000;

/** `message`: what the body says. */
export function isLimit(status: number, headers: AnswerHeaders, message: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return headers['retry-after'] !== undefined || isSpent(headers) || /secondary rate limit/i.test(message);
}

/**
 * When a limit ends, in epoch milliseconds: `retry-after`, else `x-ratelimit-reset` when nothing remains, else a minute.
 * The reset is GitHub's clock, so it is read against the answer's own date.
 * Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function retryAt(headers: AnswerHeaders, now: number): number {
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after) && after >= 0) return now + after * 1000;
  const reset = Number(headers['x-ratelimit-reset']);
  if (isSpent(headers) && Number.isFinite(reset)) {
    const answeredAt = Date.parse(String(headers.date ?? ''));
    return Number.isNaN(answeredAt) ? reset * 1000 : now + Math.max(0, reset * 1000 - answeredAt);
  }
  return now + MINUTE;
}

const isSpent = (headers: AnswerHeaders): boolean => String(headers['x-ratelimit-remaining']) === '0';
