const MINUTE_MS = 60_000;
const MOST = 10_000;

/** So many a minute of each key, as a bucket that fills steadily; full at first. Of more than 10,000 the one used longest ago is full again. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Counts one. Seconds until there is room again, from 1 on, when there is none now; null: there was. */
  take(key: string): number | null {
    const left = this.#left(key);
    const wait = this.#wait(left);
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: wait === null ? left - 1 : left, at: this.#now() });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MOST) break;
      this.#buckets.delete(oldest);
    }
    return wait;
  }

  /** What `take` would say, without counting. */
  wait(key: string): number | null {
    return this.#wait(this.#left(key));
  }

  /** Nothing was counted of it within the time in which a bucket fills. */
  isUntouched(key: string): boolean {
    return this.#left(key) >= this.#perMinute;
  }

  #left(key: string): number {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return this.#perMinute;
    return Math.min(this.#perMinute, bucket.left + ((this.#now() - bucket.at) / MINUTE_MS) * this.#perMinute);
  }

  #wait(left: number): number | null {
    return left >= 1 ? null : Math.max(1, Math.ceil(((1 - left) / this.#perMinute) * (MINUTE_MS / 1000)));
  }
}
