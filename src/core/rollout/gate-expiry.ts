/** So long somebody can let a held or paused fleet go on; then what is left of it is cancelled. */
export const GATE_MS = 7 * 24 * 60 * 60_000;

/** @returns epoch milliseconds */
export const gateExpiresAt = (since: number): number => since + GATE_MS;
