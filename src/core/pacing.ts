/** When the next content-creating request of an installation may be sent. */

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** A reservation is taken before the request arrives, so GitHub's window may start later than ours. */
const ARRIVAL_SLACK = 1_000;

export interface Pace {
  /** Times of earlier reservations, at least those of the last hour; epoch milliseconds, any order. */
  reservations: readonly number[];
  perMinute: number;
  perHour: number;
  /** From GitHub's answer to a request over a limit; 0: open. */
  closedUntil: number;
  now: number;
}

/** Epoch milliseconds; not after `now` means go. A budget of 0 never opens: Infinity. */
export function nextSlot(pace: Pace): number {
  const sorted = pace.reservations.toSorted((a, b) => a - b);
  return Math.max(
    pace.closedUntil,
    windowOpens(sorted, pace.perMinute, MINUTE),
    windowOpens(sorted, pace.perHour, HOUR),
    pace.now,
  );
}

/** When the reservation that fills the window leaves it. */
function windowOpens(sorted: readonly number[], capacity: number, length: number): number {
  if (capacity <= 0) return Number.POSITIVE_INFINITY;
  const filling = sorted[sorted.length - capacity];
  return filling === undefined ? 0 : filling + length + ARRIVAL_SLACK;
}
