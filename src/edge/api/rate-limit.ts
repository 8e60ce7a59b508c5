import { ApiError } from './api-error.ts';

const MINUTE_MS = 60_000;
const MOST = 10_000;

/** So many requests a minute of each caller, as a bucket that fills steadily; full at first. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Counts a request. Throws ApiError('rate_limited') with `retry-after` when there were too many. */
  take(key: string): void {
    const now = this.#now();
    const { tokens, at } = this.#buckets.get(key) ?? { tokens: this.#perMinute, at: now };
    const filled = Math.min(this.#perMinute, tokens + ((now - at) / MINUTE_MS) * this.#perMinute);
    this.#buckets.delete(key);
    if (filled < 1) {
      this.#buckets.set(key, { tokens: filled, at: now });
      const seconds = Math.ceil(((1 - filled) / this.#perMinute) * (MINUTE_MS / 1000));
      throw new ApiError(
        'rate_limited',
        `More than ${this.#perMinute} requests a minute came from you.`,
        'Wait, then go on more slowly; `GET …/events` tells changes without asking again.',
        {
          headers: { 'retry-after': String(seconds) },
        },
      );
    }
    this.#buckets.set(key, { tokens: filled - 1, at: now });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MOST) break;
      this.#buckets.delete(oldest);
    }
  }
}
