import { createHash } from 'node:crypto';
import type { Asked, Failure } from './failure.ts';

export interface Weather {
  /** The same seed fails the same requests in the same ways, in whatever order they come. */
  seed: number;
  /** Of all requests and webhooks, 0 to 1. */
  share: number;
  /** GitHub's clock, epoch milliseconds. */
  now(): number;
  /** Whose requests may fail. */
  of(request: Asked): boolean;
}

type Way = Omit<Failure, 'route'>;

const REFUSED_TOKEN: Way = { mode: 'status', status: 401, body: { message: 'Bad credentials' } };
const LIMIT_BODY = {
  message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
};
const limit = (status: number): Way => ({
  mode: 'status',
  status,
  headers: { 'retry-after': '20' },
  body: LIMIT_BODY,
});

/** The hour's requests are used up; it ends soon. */
const spent = (now: number, status: number, body: object): Way => ({
  mode: 'status',
  status,
  headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(now / 1000) + 20) },
  body,
});
const SPENT = { message: 'API rate limit exceeded for installation ID 50000001.' };
const restSpent = (now: number): Way => spent(now, 403, SPENT);
/** Told inside an answer that looks well. */
const graphqlSpent = (now: number): Way => spent(now, 200, { errors: [{ type: 'RATE_LIMITED', ...SPENT }] });

/** The reset of a limit is a time, so that it depends on the moment. */
type MomentWay = Way | ((now: number) => Way);

const UNANSWERED: readonly Way[] = [{ mode: 'before' }, { mode: 'reset' }, { mode: 'timeout' }];
const LIMITED: readonly Way[] = [limit(403), limit(429)];
const REFUSED: readonly Way[] = [...LIMITED, REFUSED_TOKEN];
const READ: readonly MomentWay[] = [...UNANSWERED, ...REFUSED, restSpent];
const LIST: readonly MomentWay[] = [...READ, { mode: 'stale' }];
const QUERY: readonly MomentWay[] = [...UNANSWERED, ...REFUSED, graphqlSpent];
const WRITE: readonly MomentWay[] = [...READ, { mode: 'after' }, { mode: 'later' }];
/** Tokens are minted with a JWT, which no limit and no stale token meets. */
const MINT: readonly MomentWay[] = UNANSWERED;
const GIT_READ: readonly MomentWay[] = [...UNANSWERED, ...LIMITED];
const PUSH: readonly MomentWay[] = [...GIT_READ, { mode: 'after' }, { mode: 'later' }];

/** Decides by the request and how often it was asked, so that the order of what runs side by side changes nothing. */
export class Sky {
  readonly #weather: Weather;
  readonly #asked = new Map<string, number>();

  constructor(weather: Weather) {
    this.#weather = weather;
  }

  failure(request: Asked): Failure | undefined {
    if (!this.#weather.of(request)) return undefined;
    const hash = this.#strikes(`${request.route} ${request.path.replace(/([?&])since=[^&]*/, '$1')}`);
    if (hash === undefined) return undefined;
    const ways = waysOf(request.route);
    const way = ways[hash.readUInt32BE(4) % ways.length];
    if (way === undefined) return undefined;
    return { ...(typeof way === 'function' ? way(this.#weather.now()) : way), route: request.route };
  }

  /** Whether a webhook of that event comes twice. */
  repeats(event: string): boolean {
    return this.#strikes(`webhook ${event}`) !== undefined;
  }

  /** undefined: nothing happens, this time. */
  #strikes(key: string): Buffer | undefined {
    const times = (this.#asked.get(key) ?? 0) + 1;
    this.#asked.set(key, times);
    const hash = createHash('sha256').update(`${this.#weather.seed} ${key} ${times}`).digest();
    return hash.readUInt32BE(0) < this.#weather.share * 2 ** 32 ? hash : undefined;
  }
}

function waysOf(route: string): readonly MomentWay[] {
  if (route.endsWith('/access_tokens')) return MINT;
  if (route === 'POST git-receive-pack') return PUSH;
  if (route.includes(' git-')) return GIT_READ;
  if (route === 'POST /graphql') return QUERY;
  if (!route.startsWith('GET ')) return WRITE;
  return /\/(pulls|issues|comments)$/.test(route) ? LIST : READ;
}
