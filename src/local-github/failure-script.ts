import type { Asked, Failure } from './failure.ts';
import { Sky, type Weather } from './weather.ts';

/** Tells the local GitHub to fail in GitHub's ways. */
export class FailureScript {
  #pending: (Failure & { left: number })[] = [];
  #sky: Sky | undefined;
  #held: { release: () => void; landed: Promise<unknown> }[] = [];

  next(failure: Failure): void {
    this.#pending.push({ ...failure, left: failure.times ?? 1 });
  }

  /** From now on requests fail at random as well, and webhooks come twice; null: the sky is clear again. */
  weather(weather: Weather | null): void {
    this.#sky = weather === null ? undefined : new Sky(weather);
  }

  /** Whether a webhook of that event is to come twice. */
  repeats(event: string): boolean {
    return this.#sky?.repeats(event) ?? false;
  }

  /** Consumes one failure for this request, oldest first. */
  take(request: Asked): Failure | undefined {
    const found = this.#pending.find(
      ({ route, path, userAgent }) =>
        route === request.route &&
        (path === undefined || request.path.includes(path)) &&
        (userAgent === undefined || request.userAgent.includes(userAgent)),
    );
    if (found === undefined) return this.#sky?.failure(request);
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
    this.#sky = undefined;
  }
}
