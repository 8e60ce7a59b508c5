/** Webhooks that GitHub could not deliver: how far back they are looked for, and how often they are asked for again. */

const MINUTE = 60_000;

/**
 * GitHub keeps deliveries for three days.
 * Source: docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
 */
const LOOK_BACK_MS = 3 * 24 * 60 * MINUTE;
/** GitHub waits 10 s for an answer before it lists an attempt, so that an older one can be listed after a newer one. */
const OVERLAP_MS = MINUTE;
/** Longer than any list reaches back, so that what was settled is not taken for new. */
const KEPT_MS = LOOK_BACK_MS + 24 * 60 * MINUTE;
/** A command that is older than this when it arrives is not carried out: its author has gone on without it. */
export const LATE_AFTER_MINUTES = 30;
/**
 * After each time that a delivery was asked for again, until it is asked for once more or given up. A little less than the
 * time between two looks, so that it is due in the next one.
 */
export const WAITS_MS = [4 * MINUTE, 60 * MINUTE, 4 * MINUTE];

/** How far GitHub's list of deliveries was looked through; times in epoch milliseconds. */
export interface DeliveryMark {
  /** When the newest attempt was made that was seen, by GitHub's clock; null: none was. */
  newest: number | null;
  /** When it was first seen, by our clock. */
  seenAt: number;
  /** Whether a look that came later saw nothing newer: then nothing older is listed any more. */
  settled: boolean;
}

/** The first moment of which a look has to see the attempts. */
export function lookSince({ newest, settled }: DeliveryMark, now: number): number {
  if (newest === null) return now - LOOK_BACK_MS;
  return Math.max(now - LOOK_BACK_MS, settled ? newest + 1 : newest - OVERLAP_MS);
}

/** The mark after a look at `now` that saw these attempts. */
export function moveMark(mark: DeliveryMark, seen: readonly { deliveredAt: number }[], now: number): DeliveryMark {
  const newest = seen.reduce((newer, { deliveredAt }) => Math.max(newer, deliveredAt), mark.newest ?? 0);
  if (newest > (mark.newest ?? 0)) return { newest, seenAt: now, settled: false };
  return { ...mark, settled: mark.settled || now - mark.seenAt >= OVERLAP_MS };
}

/** What was first tried before this is forgotten; epoch milliseconds. */
export const forgetBefore = (now: number): number => now - KEPT_MS;

/** When a delivery is due that has been asked for so often, counting this time; epoch milliseconds. */
export function nextAskAt(asked: number, now: number): number {
  return now + (WAITS_MS[asked - 1] ?? 0);
}

/** Whether it was asked for as often as it ever is. */
export const isGivenUp = (asked: number): boolean => asked >= WAITS_MS.length;

/** Whether what was said then is answered instead of carried out; epoch milliseconds. */
export function isTooLate(saidAt: number, arrivedAt: number): boolean {
  return arrivedAt - saidAt > LATE_AFTER_MINUTES * MINUTE;
}

/** Those first that can still be carried out; otherwise they stay in order. */
export function inOrderOfAsking<T extends { firstAt: number }>(missed: readonly T[], now: number): T[] {
  const late = ({ firstAt }: T): number => (isTooLate(firstAt, now) ? 1 : 0);
  return missed.toSorted((a, b) => late(a) - late(b));
}

/** Whether GitHub will still send it. */
export const isStillKept = (firstAt: number, now: number): boolean => firstAt >= now - LOOK_BACK_MS;
