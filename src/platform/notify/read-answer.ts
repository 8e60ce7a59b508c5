import type { NotificationAnswer } from '../../ports/notifier.ts';

/** What a receiver's status means. Source: RFC 9110, 15 and 10.2.3. */
export function answerOf(status: number, retryAfter: string | null): NotificationAnswer {
  if (status >= 200 && status < 300) return { result: 'delivered', status };
  const why = `the receiver answered ${status}`;
  if (status === 408 || status === 429 || status >= 500) {
    return { result: 'unreached', why, retryAfterMs: waitOf(retryAfter) };
  }
  const more = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return { result: 'refused', why: `${why}${more}` };
}

/** Seconds alone: a date would be measured with somebody else's clock. */
function waitOf(retryAfter: string | null): number | null {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : null;
}
