import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor.ts';
import type { FailureScript } from './failure-script.ts';
import type { PageKey } from './page-key.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RepositoryLocks } from './repository-locks.ts';
import type { RequestLog } from './request-log.ts';
import type { DeviceCodes } from './sign-in/device-codes.ts';
import type { State } from './state/state.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

/** What every route and operation of the local GitHub works with. */
export interface Context {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly baseUrl: string;
  readonly state: State;
  /**
   * Epoch milliseconds: for created_at and the like, and for the expiry of what people and jobs hold. Expiry of App JWTs
   * and installation tokens uses real time instead.
   */
  now(): number;
  readonly requests: RequestLog;
  readonly failures: FailureScript;
  readonly limits: RateLimits;
  readonly webhooks: Webhooks;
  /** Changes of one repository's refs happen one after another. */
  readonly locks: RepositoryLocks;
  /** What a posted form must carry. */
  readonly pageKey: PageKey;
  /** Programs that wait for a person to authorize them. */
  readonly deviceCodes: DeviceCodes;
  /** Scripts that `git receive-pack` runs for protected branches and workflow files. */
  readonly hooksDirectory: string;
  /**
   * Who asks, by the Authorization header (`Bearer`, `token`, or `Basic` with the token as password).
   * @throws ApiError 401 for bad credentials. Remembered for the request log.
   */
  authenticate(request: FastifyRequest): Promise<Actor>;
  log(line: string): void;
}
