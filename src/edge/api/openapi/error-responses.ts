import { REFUSALS } from '../../../core/refusals.ts';
import { API_ERRORS, type ApiErrorCode, statusOf } from '../api-error.ts';
import type { ApiRoute } from '../route.ts';
import { headerRef, REQUEST_ID } from './headers.ts';
import type { JsonSchema } from './schemas.ts';

/** What any request can meet. */
const ALWAYS: readonly ApiErrorCode[] = [
  'invalid_request',
  'unauthenticated',
  'rate_limited',
  'internal',
  'github_unavailable',
  'overloaded',
];

/** Refusals, told once for all operations that have the same. */
export class ErrorResponses {
  readonly #known = new Map<string, { name: string; response: object }>();
  readonly #schema: JsonSchema;

  /** @param schema of the envelope */
  constructor(schema: JsonSchema) {
    this.#schema = schema;
  }

  /** Status to what it comes with, in the order of the statuses. */
  of(route: ApiRoute): Record<string, object> {
    const codes = [...codesOf(route)];
    const statuses = [...new Set(codes.map(statusOf))].sort((a, b) => a - b);
    return Object.fromEntries(
      statuses.map((status) => {
        const told = codes.filter((code) => statusOf(code) === status);
        return [status, { $ref: `#/components/responses/${this.#nameOf(status, told)}` }];
      }),
    );
  }

  all(): Record<string, object> {
    return Object.fromEntries([...this.#known.values()].map(({ name, response }) => [name, response]));
  }

  #nameOf(status: number, codes: readonly ApiErrorCode[]): string {
    const key = codes.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known.name;
    const name = codes.map(pascal).join('Or').slice(0, 100);
    this.#known.set(key, { name, response: this.#response(status, codes) });
    return name;
  }

  #response(status: number, codes: readonly ApiErrorCode[]): object {
    return {
      description: codes.map((code) => `\`${code}\`: ${meaningOf(code)}`).join('; '),
      headers: headersOf(status),
      content: {
        'application/json': {
          schema: { allOf: [this.#schema, { properties: { error: { properties: { code: { enum: codes } } } } }] },
        },
      },
    };
  }
}

function codesOf(route: ApiRoute): Set<ApiErrorCode> {
  const codes = new Set<ApiErrorCode>([...ALWAYS, ...(route.refuses ?? [])]);
  if (route.body !== undefined) codes.add('body_too_large');
  if (route.method === 'POST') codes.add('unsupported_media_type');
  if (route.idempotent === true) codes.add('idempotency_conflict');
  return codes;
}

function headersOf(status: number): object {
  switch (status) {
    case 401:
      return { ...REQUEST_ID, ...headerRef('WWW-Authenticate') };
    case 429:
    case 503:
      return { ...REQUEST_ID, ...headerRef('Retry-After') };
    default:
      return REQUEST_ID;
  }
}

const OWN_MEANINGS: Readonly<Record<keyof typeof API_ERRORS, string>> = {
  invalid_request: 'The request does not fit this document',
  unauthenticated: 'There is no token, or it is not taken',
  not_found: 'There is no such path',
  body_too_large: 'The body is too large',
  unsupported_media_type: 'The body is not `application/json`',
  rate_limited: 'Too many requests came from you',
  overloaded: 'The server has no room for more',
};

const isOwn = (code: ApiErrorCode): code is keyof typeof API_ERRORS => code in API_ERRORS;
const meaningOf = (code: ApiErrorCode): string => (isOwn(code) ? OWN_MEANINGS[code] : REFUSALS[code].title);

const pascal = (code: string): string => code.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
