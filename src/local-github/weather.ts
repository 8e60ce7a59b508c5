import { createHash } from 'node:crypto';
import type { Asked, Failure } from './failure.ts';

export interface Weather {
  /** The same seed fails the same requests in the same ways, in whatever order they come. */
  seed: number;
  /** Of all requests, 0 to 1. */
  share: number;
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

const READ: readonly Way[] = [{ mode: 'before' }, { mode: 'reset' }, REFUSED_TOKEN, limit(403), limit(429)];
const LIST: readonly Way[] = [...READ, { mode: 'stale' }];
const WRITE: readonly Way[] = [
  { mode: 'before' },
  { mode: 'after' },
  { mode: 'reset' },
  { mode: 'later' },
  REFUSED_TOKEN,
  limit(403),
  limit(429),
];
/** Tokens are minted with a JWT, which no limit and no stale token meets. */
const MINT: readonly Way[] = [{ mode: 'before' }, { mode: 'reset' }];
const GIT_READ: readonly Way[] = [
  { mode: 'before' },
  { mode: 'status', status: 429, headers: { 'retry-after': '20' } },
];
const PUSH: readonly Way[] = [{ mode: 'before' }, { mode: 'after' }, { mode: 'reset' }, { mode: 'later' }];

/** Decides by the request and how often it was asked, so that the order of what runs side by side changes nothing. */
export function createWeather({ seed, share, of }: Weather): (request: Asked) => Failure | undefined {
  const asked = new Map<string, number>();
  return (request) => {
    if (!of(request)) return undefined;
    const key = `${request.route} ${request.path.replace(/([?&])since=[^&]*/, '$1')}`;
    const times = (asked.get(key) ?? 0) + 1;
    asked.set(key, times);
    const hash = createHash('sha256').update(`${seed} ${key} ${times}`).digest();
    if (hash.readUInt32BE(0) >= share * 2 ** 32) return undefined;
    const ways = waysOf(request.route);
    const way = ways[hash.readUInt32BE(4) % ways.length];
    return way === undefined ? undefined : { ...way, route: request.route };
  };
}

function waysOf(route: string): readonly Way[] {
  if (route.endsWith('/access_tokens')) return MINT;
  if (route === 'POST git-receive-pack') return PUSH;
  if (route.includes(' git-')) return GIT_READ;
  if (route === 'POST /graphql') return READ;
  if (!route.startsWith('GET ')) return WRITE;
  return /\/(pulls|issues|comments)$/.test(route) ? LIST : READ;
}
