import { forgetBefore, lookSince, moveMark } from '../core/missed-deliveries.ts';
import type { DeliveryAttempt, GitHubDeliveries } from '../ports/github-deliveries.ts';
import type { DeliveryLook, MissedDelivery } from '../store/contract/missed-deliveries.ts';
import type { Store } from '../store/contract/store.ts';

/** Whether a webhook with this event and action could have asked for something. */
export type HasDoor = (event: string, action: string | null) => boolean;

/**
 * In one look, of 100 attempts each. GitHub counts a page as 1 of 900 points a minute, beside what is asked for again.
 * Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api, "secondary rate limits".
 */
export const MOST_PAGES = 200;

/** How far GitHub's list was read, newest first; in memory alone, as a new process may well begin at its top. */
export interface Reading {
  /** Older attempts are of no interest; epoch milliseconds. */
  readonly since: number;
  readonly beganAt: number;
  /** Of the next page; null: the first. */
  cursor: string | null;
  /** When the newest attempt was made that it has seen; null: it has seen none. */
  newest: number | null;
  /** GUIDs of further attempts that arrived: their first ones, which did not, are on older pages. */
  readonly arrived: Set<string>;
}

export function beginReading({ mark }: DeliveryLook, now: number): Reading {
  return { since: lookSince(mark, now), beganAt: now, cursor: null, newest: null, arrived: new Set() };
}

/**
 * Reads on in GitHub's list, back to where the last reading began, three days at most, and stores with each page what did
 * not arrive; the mark moves when the end is reached. @returns whether it is. Throws GitHubError, then as after the last page.
 */
export async function findMissedDeliveries(
  { store, deliveries, hasDoor }: { store: Store; deliveries: GitHubDeliveries; hasDoor: HasDoor },
  reading: Reading,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { attempts, next } = await deliveries.page(reading.cursor);
    const wanted = attempts.filter(({ deliveredAt }) => deliveredAt >= reading.since);
    const ended = next === null || wanted.length < attempts.length;
    const { mark } = await store.read.missed.look();
    for (const { arrived, redelivered, guid } of wanted) if (arrived && redelivered) reading.arrived.add(guid);
    const newest = wanted.reduce((newer, { deliveredAt }) => Math.max(newer, deliveredAt), reading.newest ?? 0);
    const seen = newest === 0 ? [] : [{ deliveredAt: newest }];
    const arrived = new Set(wanted.filter((attempt) => attempt.arrived).map(({ guid }) => guid));
    await store.write((tx) =>
      tx.missed.found({
        missed: missedAmong(wanted, new Set([...arrived, ...reading.arrived]), hasDoor),
        arrived,
        mark: ended ? moveMark(mark, seen, reading.beganAt) : mark,
        forgetBefore: forgetBefore(now),
      }),
    );
    if (ended) return true;
    reading.newest = newest === 0 ? null : newest;
    reading.cursor = next;
    if (signal.aborted) return false;
  }
  return false;
}

/** Of each delivery that has a door and no attempt that arrived: its newest attempt, and when its first one was made. */
function missedAmong(
  attempts: readonly DeliveryAttempt[],
  arrived: ReadonlySet<string>,
  hasDoor: HasDoor,
): MissedDelivery[] {
  const missed = new Map<string, MissedDelivery>();
  for (const { id, guid, event, action, deliveredAt } of attempts) {
    if (arrived.has(guid) || !hasDoor(event, action)) continue;
    const newer = missed.get(guid);
    const firstAt = Math.min(deliveredAt, newer?.firstAt ?? deliveredAt);
    missed.set(guid, { guid, event, attemptId: newer?.attemptId ?? id, firstAt });
  }
  return [...missed.values()];
}
