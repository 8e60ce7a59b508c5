/** A request of the HTTP API with an `Idempotency-Key`. */
export interface ApiRequestRow {
  /** Of the caller's own choice, unique for each caller. */
  key: string;
  /** SHA-256 of what was asked for. */
  digest: string;
  /** null: it is under way, or its process ended before it was answered. */
  answer: ApiAnswer | null;
  /** Epoch milliseconds. */
  openedAt: number;
}

export interface ApiAnswer {
  /** HTTP status. */
  status: number;
  /** Packed JSON. */
  body: string;
}

export interface ApiRequestReads {
  get(caller: string, key: string): Promise<ApiRequestRow | undefined>;
}

export interface ApiRequestWrites {
  /** The row of this key, new or as it was. */
  open(caller: string, key: string, digest: string, now: number): Promise<ApiRequestRow>;
  answer(caller: string, key: string, answer: ApiAnswer): Promise<void>;
  /** Nothing came of it: the key is free again. No effect on an answered one. */
  release(caller: string, key: string): Promise<void>;
  /** Removes those that were opened at that time or before. */
  forget(until: number): Promise<void>;
}
