import { inOrderOfAsking, isGivenUp, isStillKept, nextAskAt } from '../core/missed-deliveries.ts';
import type { GitHubDeliveries } from '../ports/github-deliveries.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { Log } from '../ports/log.ts';
import type { MissedDeliveryRow } from '../store/contract/missed-deliveries.ts';
import type { Store } from '../store/contract/store.ts';

/**
 * In one look. GitHub counts such a request as 5 of 900 points a minute; beside the list it leaves room for others.
 * Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api, "secondary rate limits".
 */
export const MOST_AT_ONCE = 100;

interface Parts {
  store: Store;
  deliveries: GitHubDeliveries;
  log: Log;
}

/**
 * Asks GitHub for every missed delivery that is due, or gives it up. A limit, or no answer, ends it: what is left stays due.
 * A refusal counts like any try, so that one delivery never stands in the way of others. Throws GitHubError.
 */
export async function askAgain(parts: Parts, now: number, signal: AbortSignal): Promise<void> {
  const { store, log } = parts;
  const due = inOrderOfAsking(await store.read.missed.due(now), now);
  const over = due.filter(({ asked, firstAt }) => isGivenUp(asked) || !isStillKept(firstAt, now));
  for (const row of over) {
    await store.write((tx) => tx.missed.giveUp(row.guid));
    log.warn(fieldsOf(row), 'gave a webhook up that GitHub could not deliver, though it was asked for again');
  }
  for (const row of due.filter((each) => !over.includes(each)).slice(0, MOST_AT_ONCE)) {
    if (signal.aborted) return;
    await askOnce(parts, row, now);
  }
}

async function askOnce({ store, deliveries, log }: Parts, row: MissedDeliveryRow, now: number): Promise<void> {
  const { guid, attemptId } = row;
  const asked = row.asked + 1;
  // Before the request: a crash after it must not ask twice.
  await store.write((tx) => tx.missed.asked(guid, asked, nextAskAt(asked, now)));
  try {
    if (await deliveries.askAgain(attemptId)) {
      log.info({ ...fieldsOf(row), asked }, 'asked GitHub again for a webhook that did not arrive');
      return;
    }
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'refused') {
      log.warn(
        { ...fieldsOf(row), asked, err: error },
        'GitHub refused to deliver a webhook again that did not arrive',
      );
      return;
    }
    // A limit was no try; without an answer it may be on its way, so that it keeps its distance.
    const isLimited = error instanceof GitHubError && error.kind === 'limited';
    if (isLimited) await store.write((tx) => tx.missed.asked(guid, row.asked, now));
    throw error;
  }
  await store.write((tx) => tx.missed.giveUp(guid));
  log.warn(fieldsOf(row), 'gave a webhook up that did not arrive: GitHub does not send it any more');
}

const fieldsOf = ({ guid, event, firstAt, asked }: MissedDeliveryRow) => ({ delivery: guid, event, firstAt, asked });
