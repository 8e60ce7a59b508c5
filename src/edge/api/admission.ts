import { isIPv6 } from 'node:net';
import { type Caller, callerKey } from '../../ports/callers.ts';
import { ApiError } from './api-error.ts';
import { RateLimit } from './rate-limit.ts';

/** Of one address: what does not tell who asks is answered without GitHub. */
const UNIDENTIFIED = 120;
/** Of one address: tokens that GitHub has to be asked about. */
const ASKED_OF_ONE = 30;
/** Of all together: 3,600 an hour, below what GitHub answers an app in that time. */
const ASKED_OF_ALL = 60;
/** Of one caller: requests for places where they may not; each costs requests to GitHub that all share. */
const FORBIDDEN_OF_ONE = 20;
const FORBIDDEN_OF_ALL = 30;

const ALL = 'all';

/**
 * How much everybody may ask, each minute. Who was taken within the last hour is held to their own limit alone, whatever
 * comes from the same address or from strangers.
 */
export class Admission {
  readonly #callers: RateLimit;
  readonly #unidentified: RateLimit;
  readonly #asked: RateLimit;
  readonly #askedOfAll: RateLimit;
  readonly #forbidden: RateLimit;
  readonly #forbiddenOfAll: RateLimit;

  constructor(requestsPerMinute: number, now: () => number) {
    this.#callers = new RateLimit(requestsPerMinute, now);
    this.#unidentified = new RateLimit(UNIDENTIFIED, now);
    this.#asked = new RateLimit(ASKED_OF_ONE, now);
    this.#askedOfAll = new RateLimit(ASKED_OF_ALL, now);
    this.#forbidden = new RateLimit(FORBIDDEN_OF_ONE, now);
    this.#forbiddenOfAll = new RateLimit(FORBIDDEN_OF_ALL, now);
  }

  /** Before GitHub is asked about a token. Throws ApiError('rate_limited' or 'overloaded'). */
  asking(address: string | undefined): void {
    const wait = this.#asked.take(placeOf(address));
    if (wait !== null) throw limited('Too many unknown tokens came from your address.', wait);
    const busy = this.#askedOfAll.take(ALL);
    if (busy !== null) throw overloaded(busy);
  }

  /** After somebody came without a token that is taken. Throws ApiError('rate_limited'). */
  unidentified(address: string | undefined): void {
    const wait = this.#unidentified.take(placeOf(address));
    if (wait !== null) throw limited('Too many requests without a valid token came from your address.', wait);
  }

  /** Counts a request of somebody who is known. Throws ApiError('rate_limited' or 'overloaded'). */
  identified(caller: Caller): void {
    const key = callerKey(caller);
    const wait = this.#callers.take(key);
    if (wait !== null) throw limited('More requests a minute came from you than the settings allow.', wait);
    const refused = this.#forbidden.wait(key);
    if (refused !== null) throw limited('Too many of your requests were for what you may not.', refused);
    const busy = this.#forbidden.isUntouched(key) ? null : this.#forbiddenOfAll.wait(ALL);
    if (busy !== null) throw overloaded(busy);
  }

  /** After a request was refused because its caller may not. */
  forbidden(caller: Caller): void {
    this.#forbidden.take(callerKey(caller));
    this.#forbiddenOfAll.take(ALL);
  }
}

const limited = (problem: string, seconds: number): ApiError =>
  new ApiError(
    'rate_limited',
    problem,
    'Wait, then go on more slowly; `GET …/events` tells changes without asking again.',
    { headers: { 'retry-after': String(seconds) } },
  );

const overloaded = (seconds: number): ApiError =>
  new ApiError('overloaded', 'This server is asked too much by callers that it does not know.', 'Try again later.', {
    headers: { 'retry-after': String(seconds) },
  });

/** One network has so many addresses of version 6 as it likes, so its first half counts. */
function placeOf(address = ''): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail)];
  return all.slice(0, 4).join(':');
}
