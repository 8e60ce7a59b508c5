/** Node's longest timer; beyond it setTimeout fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** setTimeout, which runs on the monotonic clock, for any length. Returns its cancellation. */
export function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, Math.min(Math.max(ms, 0), LONGEST_MS));
  return () => clearTimeout(timer);
}
