import { REFUSALS, type Refusal, type RefusalCode } from '../../core/refusals.ts';

/** What of an error is the API's own: everything else is a refusal of the command. */
export const API_ERRORS = {
  invalid_request: 400,
  unauthenticated: 401,
  not_found: 404,
  body_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  overloaded: 503,
} as const satisfies Record<string, number>;

export type ApiErrorCode = keyof typeof API_ERRORS | RefusalCode;

/** Ends a request of the API with the envelope. `message` says what is wrong and where, `remedy` what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly remedy: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ApiErrorCode,
    message: string,
    remedy: string,
    options: { status?: number; headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? statusOf(code);
    this.remedy = remedy;
    this.headers = options.headers ?? {};
  }
}

const isOwn = (code: ApiErrorCode): code is keyof typeof API_ERRORS => code in API_ERRORS;

export const statusOf = (code: ApiErrorCode): number => (isOwn(code) ? API_ERRORS[code] : REFUSALS[code].status);

/** @param now epoch milliseconds, for `retry-after` */
export function errorOfRefusal(refusal: Refusal, now: number): ApiError {
  const { code, detail, remedy, retryAt } = refusal;
  const seconds = retryAt === null ? null : Math.max(1, Math.ceil((retryAt - now) / 1000));
  return new ApiError(code, `${REFUSALS[code].title}: ${detail}`, remedy, {
    headers: seconds === null ? {} : { 'retry-after': String(seconds) },
    cause: refusal.cause,
  });
}

/** The same for a fleet that is not there, one of another installation, and one that the caller may not see. */
export const unknownFleet = (id: string): ApiError =>
  new ApiError(
    'unknown_fleet',
    `There is no fleet \`${id.slice(0, 40)}\` that you can see.`,
    '`GET /v1/fleets` lists the fleets of the control repositories that you can write to.',
  );
