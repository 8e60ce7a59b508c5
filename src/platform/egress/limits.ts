/** What one box may ask of its way out; times in milliseconds. */
export interface EgressLimits {
  /** Until all headers of a request are there. */
  headersMs: number;
  /** Until a whole request is there. */
  requestMs: number;
  /** Until a connection to the outside stands. */
  connectMs: number;
  /** Without a byte in either direction. A model may think for long before its first. */
  idleMs: number;
  headerBytes: number;
  /** Of a request to the model. */
  bodyBytes: number;
  /** At once. */
  connections: number;
}

export const EGRESS_LIMITS: EgressLimits = {
  headersMs: 20_000,
  requestMs: 10 * 60_000,
  connectMs: 20_000,
  idleMs: 15 * 60_000,
  headerBytes: 32 * 1024,
  bodyBytes: 64 * 1024 * 1024,
  connections: 256,
};
