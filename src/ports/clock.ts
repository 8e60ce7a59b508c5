/** Wall-clock time in epoch milliseconds; tests pass their own. */
export interface Clock {
  now(): number;
}
