export interface Failure {
  /** As in the request log, e.g. `POST /repos/{owner}/{repo}/issues`, `POST /graphql`, `POST git-receive-pack`. */
  route: string;
  /** How many matching requests fail. Default 1. */
  times?: number;
  /**
   * `status`: the given status and headers, without the effect · `before`: 502 without the effect ·
   * `after`: the effect happens, then 502 · `timeout`: the effect happens, no answer ever comes ·
   * `reset`: the effect happens, then the connection breaks; of a fetch, in the middle of its answer ·
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
