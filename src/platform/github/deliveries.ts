import { z } from 'zod';
import type { DeliveryAttempt, GitHubDeliveries } from '../../ports/github-deliveries.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import { parseAnswer, timestamp } from './answers.ts';
import type { AppClient } from './client.ts';
import { isNotFound } from './errors.ts';

/** Octokit gives a bigint for what is too large for a number. */
const id = z.union([z.int(), z.bigint()]).transform(String);

const attempts = z.array(
  z.object({
    id,
    guid: z.string().min(1),
    delivered_at: timestamp,
    redelivery: z.boolean(),
    event: z.string(),
    action: z.string().nullable(),
    status_code: z.number(),
  }),
);

/**
 * The app's own delivery list, which only its JWT opens.
 * Source: docs.github.com/rest/apps/webhooks, "List deliveries for an app webhook" and "Redeliver a delivery".
 */
export function createDeliveries(app: AppClient): GitHubDeliveries {
  return {
    async page(cursor) {
      const route = 'GET /app/hook/deliveries';
      const { data, headers } = await app.request(route, { per_page: 100, ...(cursor === null ? {} : { cursor }) });
      return { attempts: parseAnswer(attempts, data, route).map(attemptOf), next: nextCursor(headers.link) };
    },
    async askAgain(attemptId) {
      try {
        // Filled in here: a number of JavaScript, which the typed parameter asks for, may not hold it.
        await app.request(`POST /app/hook/deliveries/${attemptId}/attempts`);
        return true;
      } catch (error) {
        if (isGone(error)) return false;
        throw error;
      }
    },
  };
}

function attemptOf(attempt: z.infer<typeof attempts>[number]): DeliveryAttempt {
  const { id, guid, delivered_at: deliveredAt, redelivery: redelivered, event, action, status_code: status } = attempt;
  return { id, guid, deliveredAt, redelivered, event, action, arrived: status >= 200 && status <= 299 };
}

/** Of the Link header; only the cursor is taken, so that no address in an answer is ever followed. */
function nextCursor(link: string | undefined): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return next !== undefined && URL.canParse(next) ? new URL(next).searchParams.get('cursor') : null;
}

/** What GitHub says of one that it no longer has, or will not send. */
function isGone(error: unknown): boolean {
  return isNotFound(error) || (error instanceof GitHubError && (error.status === 400 || error.status === 422));
}
