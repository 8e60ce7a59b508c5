import { createWeather, type Weather } from './weather.ts';

export interface Failure {
  /** As in the request log, e.g. `POST /repos/{owner}/{repo}/issues`, `POST /graphql`, `POST git-receive-pack`. */
  route: string;
  /** How many matching requests fail. Default 1. */
  times?: number;
  /**
   * `status`: the given status and headers, without the effect · `before`: 502 without the effect ·
   * `after`: the effect happens, then 502 · `timeout`: the effect happens, no answer ever comes ·
   * `reset`: the effect happens, then the connection breaks ·
   * `later`: the connection breaks at once, and the effect happens at the next `land()` ·
   * `held`: nothing happens until the next `land()`, then everything as usual ·
   * `stale`: a list is answered without its newest entries.
   */
  mode: 'status' | 'before' | 'after' | 'timeout' | 'reset' | 'later' | 'held' | 'stale';
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Only requests whose path (with query) contains this. */
  path?: string;
  /** Only requests whose user agent contains this. */
  userAgent?: string;
  /** How many entries a stale list lacks, of those with the highest ids. Default 1. */
  lacks?: number;
}

/** A request as the script sees it. */
export interface Asked {
  route: string;
  /** With the query. */
  path: string;
  userAgent: string;
}

/** Tells the local GitHub to fail in GitHub's ways. */
export class FailureScript {
  #pending: (Failure & { left: number })[] = [];
  #weather: ((request: Asked) => Failure | undefined) | undefined;
  #held: { release: () => void; landed: Promise<unknown> }[] = [];

  next(failure: Failure): void {
    this.#pending.push({ ...failure, left: failure.times ?? 1 });
  }

  /** From now on requests fail at random as well; null: the sky is clear again. */
  weather(weather: Weather | null): void {
    this.#weather = weather === null ? undefined : createWeather(weather);
  }

  /** Consumes one failure for this request, oldest first. */
  take(request: Asked): Failure | undefined {
    const found = this.#pending.find(
      ({ route, path, userAgent }) =>
        route === request.route &&
        (path === undefined || request.path.includes(path)) &&
        (userAgent === undefined || request.userAgent.includes(userAgent)),
    );
    if (found === undefined) return this.#weather?.(request);
    found.left -= 1;
    if (found.left <= 0) this.#pending = this.#pending.filter((failure) => failure !== found);
    return found;
  }

  /** The work of a `later` or `held` request, once `land` lets it happen. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const landed = promise.then(work);
    this.#held.push({ release: resolve, landed: landed.catch(() => undefined) });
    return landed;
  }

  /** How many `later` and `held` requests wait for `land`. */
  get holding(): number {
    return this.#held.length;
  }

  /** What `later` and `held` requests ask for happens now, in the order in which they came. */
  async land(): Promise<void> {
    for (const { release, landed } of this.#held.splice(0)) {
      release();
      await landed;
    }
  }

  clear(): void {
    this.#pending = [];
    this.#weather = undefined;
  }
}
