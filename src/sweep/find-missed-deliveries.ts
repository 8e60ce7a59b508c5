import { forgetBefore, lookSince, moveMark } from '../core/missed-deliveries.ts';
import type { DeliveryAttempt, GitHubDeliveries } from '../ports/github-deliveries.ts';
import type { MissedDelivery } from '../store/contract/missed-deliveries.ts';
import type { Store } from '../store/contract/store.ts';

/** Whether a webhook with this event and action could have asked for something. */
export type HasDoor = (event: string, action: string | null) => boolean;

/**
 * Reads GitHub's list of deliveries back to where the last look began, three days at most, and stores what did not arrive.
 * Nothing is stored where it is broken off. Throws GitHubError.
 */
export async function findMissedDeliveries(
  { store, deliveries, hasDoor }: { store: Store; deliveries: GitHubDeliveries; hasDoor: HasDoor },
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const { mark } = await store.read.missed.look();
  const attempts = await attemptsSince(deliveries, lookSince(mark, now), signal);
  if (signal.aborted) return;
  const arrived = new Set(attempts.filter((attempt) => attempt.arrived).map(({ guid }) => guid));
  await store.write((tx) =>
    tx.missed.found({
      missed: missedAmong(attempts, arrived, hasDoor),
      arrived,
      mark: moveMark(mark, attempts, now),
      forgetBefore: forgetBefore(now),
    }),
  );
}

async function attemptsSince(
  deliveries: GitHubDeliveries,
  since: number,
  signal: AbortSignal,
): Promise<DeliveryAttempt[]> {
  const found: DeliveryAttempt[] = [];
  let cursor: string | null = null;
  do {
    const { attempts, next } = await deliveries.page(cursor);
    const wanted = attempts.filter(({ deliveredAt }) => deliveredAt >= since);
    found.push(...wanted);
    cursor = wanted.length === attempts.length ? next : null;
  } while (cursor !== null && !signal.aborted);
  return found;
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
