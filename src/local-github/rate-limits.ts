import { ApiError } from './api-error.ts';

export interface LimitOptions {
  /** Requests an hour per token; GitHub's default for installations is 5,000. */
  core: number;
  graphql: number;
  /** null: not enforced. GitHub: 80 a minute and 500 an hour for issues, comments and pull requests together. */
  contentPerMinute: number | null;
  contentPerHour: number | null;
  /** null: not enforced. GitHub: 900 points a minute, a GET is 1, a write 5. */
  pointsPerMinute: number | null;
}

interface SeededLimits {
  core?: number | undefined;
  graphql?: number | undefined;
  content_per_minute?: number | undefined;
  content_per_hour?: number | undefined;
  points_per_minute?: number | undefined;
}

export const defaultLimits: LimitOptions = {
  core: 5000,
  graphql: 5000,
  contentPerMinute: null,
  contentPerHour: null,
  pointsPerMinute: null,
};

export type Resource = 'core' | 'graphql';

interface Window {
  used: number;
  /** Epoch milliseconds. */
  resetAt: number;
}

const minute = 60_000;
const hour = 60 * minute;

/** Counts per key (installation, person, address) in GitHub's hourly windows. Source: docs.github.com, "Rate limits for the REST API". */
export class RateLimits {
  #options: LimitOptions;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();
  readonly #content = new Map<string, number[]>();
  readonly #points = new Map<string, { at: number; points: number }[]>();

  constructor(options: LimitOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /** Changes limits from now on, named as a seed names them. */
  configure(limits: SeededLimits): void {
    const { core, graphql, content_per_minute, content_per_hour, points_per_minute } = limits;
    this.#options = {
      core: core ?? this.#options.core,
      graphql: graphql ?? this.#options.graphql,
      contentPerMinute: content_per_minute ?? this.#options.contentPerMinute,
      contentPerHour: content_per_hour ?? this.#options.contentPerHour,
      pointsPerMinute: points_per_minute ?? this.#options.pointsPerMinute,
    };
  }

  /** @throws ApiError 403 when the hour's requests are used up. */
  spend(key: string, resource: Resource, cost = 1): void {
    const window = this.#window(key, resource);
    if (window.used + cost > this.#options[resource]) {
      throw new ApiError(403, `API rate limit exceeded for ${key}.`, { headers: this.headers(key, resource) });
    }
    window.used += cost;
  }

  /** A 304 costs nothing. */
  refund(key: string, resource: Resource, cost = 1): void {
    const window = this.#window(key, resource);
    window.used = Math.max(0, window.used - cost);
  }

  /** `x-ratelimit-*`; the reset is in epoch seconds. */
  headers(key: string, resource: Resource): Record<string, string> {
    const { limit, remaining, used, reset } = this.status(key, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': resource,
    };
  }

  status(key: string, resource: Resource): { limit: number; remaining: number; used: number; reset: number } {
    const window = this.#window(key, resource);
    const limit = this.#options[resource];
    return { limit, remaining: limit - window.used, used: window.used, reset: Math.ceil(window.resetAt / 1000) };
  }

  /** Counts one creation or edit of an issue, comment or pull request. @throws ApiError 403 with `retry-after`. */
  createContent(key: string): void {
    const now = this.#now();
    const log = (this.#content.get(key) ?? []).filter((at) => at > now - hour);
    this.#content.set(key, log);
    refuseWhenFull(log, this.#options.contentPerMinute, now, minute);
    refuseWhenFull(log, this.#options.contentPerHour, now, hour);
    log.push(now);
  }

  /** The secondary limit in points. @throws ApiError 403 with `retry-after`. */
  spendPoints(key: string, points: number): void {
    const limit = this.#options.pointsPerMinute;
    if (limit === null) return;
    const now = this.#now();
    const log = (this.#points.get(key) ?? []).filter((entry) => entry.at > now - minute);
    this.#points.set(key, log);
    if (log.reduce((sum, entry) => sum + entry.points, 0) + points > limit) throw secondaryLimit(60);
    log.push({ at: now, points });
  }

  #window(key: string, resource: Resource): Window {
    const name = `${resource}:${key}`;
    const found = this.#windows.get(name);
    const now = this.#now();
    if (found !== undefined && found.resetAt > now) return found;
    const fresh = { used: 0, resetAt: now + hour };
    this.#windows.set(name, fresh);
    return fresh;
  }
}

function refuseWhenFull(log: number[], limit: number | null, now: number, span: number): void {
  if (limit === null) return;
  const recent = log.filter((at) => at > now - span);
  const oldest = recent[recent.length - limit];
  if (oldest !== undefined) throw secondaryLimit(Math.max(1, Math.ceil((oldest + span - now) / 1000)));
}

function secondaryLimit(seconds: number): ApiError {
  return new ApiError(
    403,
    'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.',
    { headers: { 'retry-after': String(seconds) } },
  );
}
