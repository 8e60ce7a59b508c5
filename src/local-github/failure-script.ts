export interface Failure {
  /** As in the request log, e.g. `POST /repos/{owner}/{repo}/issues`, `POST /graphql`, `POST git-receive-pack`. */
  route: string;
  /** How many matching requests fail. Default 1. */
  times?: number;
  /**
   * `status`: the given status and headers, without the effect · `before`: 502 without the effect ·
   * `after`: the effect happens, then 502 · `timeout`: the effect happens, no answer ever comes ·
   * `reset`: the effect happens, then the connection breaks.
   */
  mode: 'status' | 'before' | 'after' | 'timeout' | 'reset';
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Only requests whose path (with query) contains this. */
  path?: string;
}

/** Tells the local GitHub to fail in GitHub's ways. */
export class FailureScript {
  #pending: (Failure & { left: number })[] = [];

  next(failure: Failure): void {
    this.#pending.push({ ...failure, left: failure.times ?? 1 });
  }

  /** Consumes one failure for this request, oldest first. */
  take(route: string, path: string): Failure | undefined {
    const found = this.#pending.find(
      (failure) => failure.route === route && (failure.path === undefined || path.includes(failure.path)),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#pending = this.#pending.filter((failure) => failure !== found);
    return found;
  }

  clear(): void {
    this.#pending = [];
  }
}
