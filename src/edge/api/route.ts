import type { z } from 'zod';
import type { Caller } from '../../ports/callers.ts';
import type { ApiErrorCode } from './api-error.ts';
import type { ApiContext } from './context.ts';

/** A route of the API: what OpenAPI tells of it, and what it does. */
export interface ApiRoute {
  method: 'GET' | 'POST';
  /** Below `/v1`, with parameters as OpenAPI writes them: `/fleets/{fleet_id}`. */
  path: string;
  operationId: string;
  summary: string;
  /** Of the query; absent: it takes none. */
  query?: z.ZodObject;
  /** Headers that it reads, to what they are. */
  headers?: Readonly<Record<string, string>>;
  /** Of the body, JSON; absent: it takes none. */
  body?: z.ZodObject;
  /** No body is as good as an empty one. */
  bodyOptional?: true;
  /** It takes an `Idempotency-Key`. */
  idempotent?: true;
  /** Status to what is answered then; `stream`: server-sent events, whose data are JSON of `events`. */
  /** What it refuses with, besides what every route does. */
  refuses?: readonly ApiErrorCode[];
  answers: Readonly<
    Record<
      number,
      { description: string; schema: z.ZodType } | { description: string; stream: true; events: z.ZodType }
    >
  >;
  handle(call: ApiCall): Promise<ApiAnswer>;
}

/** One request, parsed and identified. */
export interface ApiCall {
  context: ApiContext;
  caller: Caller;
  params: Readonly<Record<string, string>>;
  /** Of the route's schemas, which `apiRoute` holds its handler to. */
  query: unknown;
  body: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Aborts when the client leaves or the server stops. */
  signal: AbortSignal;
}

export type ApiAnswer =
  | { status: number; body: unknown; headers?: Readonly<Record<string, string>> }
  /** Each chunk is sent as it comes. */
  | { status: 200; stream: AsyncIterable<string>; headers?: Readonly<Record<string, string>> };

type Parsed<T> = T extends z.ZodType ? z.infer<T> : undefined;

/** Binds the handler's types to the route's schemas. */
export function apiRoute<
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodObject | undefined = undefined,
>(
  route: Omit<ApiRoute, 'query' | 'body' | 'handle'> & {
    query?: Query;
    body?: Body;
    handle(call: Omit<ApiCall, 'query' | 'body'> & { query: Parsed<Query>; body: Parsed<Body> }): Promise<ApiAnswer>;
  },
): ApiRoute {
  const { query, body, handle, ...rest } = route;
  return {
    ...rest,
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    // The door has parsed both by these very schemas before it calls.
    handle: (call) => handle({ ...call, query: call.query as Parsed<Query>, body: call.body as Parsed<Body> }),
  };
}

/** A parameter of the path that the route's template has. */
export function param(call: Pick<ApiCall, 'params'>, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`The route has no parameter ${name}.`);
  return value;
}
