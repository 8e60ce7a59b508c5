const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After the first try, the second, and so on. */
const WAITS: readonly number[] = [10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR];
/** A receiver that names a later time is asked then nevertheless. */
const LONGEST_WAIT = 6 * HOUR;

/**
 * How long is waited after so many tries that reached nobody, in milliseconds; null: no more tries.
 * @param askedMs what the receiver asked for; null: nothing
 */
export function waitAfter(tries: number, askedMs: number | null): number | null {
  const wait = WAITS[tries - 1];
  return wait === undefined ? null : Math.min(LONGEST_WAIT, Math.max(wait, askedMs ?? 0));
}
