import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { asRefusal } from '../../fleet/as-refusal.ts';
import type { Caller } from '../../ports/callers.ts';
import type { Log } from '../../ports/log.ts';
import { Admission } from './admission.ts';
import { ApiError, type ApiErrorCode, errorOfRefusal } from './api-error.ts';
import type { ApiContext } from './context.ts';
import { identify } from './identify.ts';
import type { ApiAnswer, ApiRoute } from './route.ts';
import { apiRoutes } from './routes/routes.ts';

/** What of a path is the API's. */
export const API_PATH = '/v1';

const SILENT_MS = 120_000;

/** A list of 10,000 repositories fits. */
const MOST_BODY_BYTES = 1024 * 1024;

/** What somebody meets who may not: GitHub was asked for it. Who reads is asked about once a minute for each place. */
const FORBIDDEN: ReadonlySet<ApiErrorCode> = new Set(['not_permitted', 'control_repository_refused', 'unknown_fleet']);

export interface Api {
  /** Answers a request whose path is below `/v1`. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  /** Ends the streams; what is being answered is answered. */
  close(): Promise<void>;
}

/** The HTTP API: identifies the caller, parses by the route's schemas, calls the route, and tells errors in one envelope. */
export async function createApi(context: ApiContext, log: Log, requestsPerMinute: number): Promise<Api> {
  const { clock } = context.fleet;
  const stopping = new AbortController();
  const admission = new Admission(requestsPerMinute, clock.now);
  const app = fastify({
    bodyLimit: MOST_BODY_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    // A path that cannot be decoded is answered before any route.
    frameworkErrors: (error, request, reply) => void fail(error, request, reply),
  });
  app.removeAllContentTypeParsers();
  // What a parser that is not async throws ends the process.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_: FastifyRequest, body: string) =>
    parseJson(body),
  );

  async function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const told = errorOf(error, clock.now());
    const fields = { request: request.id, code: told.code, route: request.routeOptions.url };
    if (told.status === 500)
      log.error({ ...fields, err: told.cause ?? told }, 'a request of the API met an internal error');
    else log.info({ ...fields, detail: told.message }, 'refused a request of the API');
    const caller = request.getDecorator<Caller | undefined>('caller');
    if (caller !== undefined && request.method !== 'GET' && FORBIDDEN.has(told.code)) admission.forbidden(caller);
    const { code, message, remedy } = told;
    await reply
      .code(told.status)
      .headers(told.headers)
      .send({ error: { code, message, remedy, request_id: request.id } });
  }

  app.setErrorHandler(fail);
  app.addHook('onSend', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  app.decorateRequest('caller');
  // Before the body is read: nobody without a token makes this process keep one.
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers;
    // Of the connection: what a header says of it, anybody can write.
    const address = request.socket.remoteAddress;
    request.setDecorator('caller', await identify(context.callers, admission, { authorization, address }));
  });
  app.setNotFoundHandler((request) => {
    throw new ApiError(
      'not_found',
      `There is no \`${request.method} ${request.url.split('?')[0]}\`.`,
      '`GET /v1/openapi.json` lists what there is.',
    );
  });
  for (const route of apiRoutes) register(app, route, context, stopping.signal);
  await app.ready();

  return {
    answer: (request, response) => app.routing(request, response),
    async close() {
      stopping.abort();
      await app.close();
    },
  };
}

function register(app: FastifyInstance, route: ApiRoute, context: ApiContext, stopping: AbortSignal): void {
  app.route({
    method: route.method,
    url: `${API_PATH}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    handler: async (request, reply) => {
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      if (reply.raw.destroyed) left.abort();
      const answer = await route.handle({
        context,
        caller: request.getDecorator('caller'),
        params: Object.fromEntries(Object.entries(request.params ?? {})),
        query: parse(route.query, request.query, 'query'),
        body: parse(route.body, request.body === undefined && route.bodyOptional === true ? {} : request.body, 'body'),
        headers: request.headers,
        signal: AbortSignal.any([left.signal, stopping]),
      });
      return send(reply, answer);
    },
  });
}

function send(reply: FastifyReply, answer: ApiAnswer): FastifyReply {
  reply.code(answer.status).headers(answer.headers ?? {});
  if ('body' in answer) return reply.send(answer.body);
  // Proxies would gather events otherwise.
  reply.headers({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  // There is a heartbeat: where nothing could be sent for so long, nobody reads.
  reply.raw.setTimeout(SILENT_MS, () => reply.raw.destroy());
  return reply.send(Readable.from(answer.stream));
}

/** Every fault at once. Throws ApiError('invalid_request'). */
function parse(schema: z.ZodObject | undefined, value: unknown, where: 'query' | 'body'): unknown {
  if (schema === undefined) {
    const given = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    if (given.length === 0) return undefined;
    throw invalid(`This request takes no ${where}, but \`${given[0]?.slice(0, 100)}\` was given.`);
  }
  const parsed = schema.safeParse(value ?? (where === 'body' ? undefined : {}));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 20).map(({ path, message }) => {
    const at = path.length === 0 ? `the ${where}` : `\`${path.join('.').slice(0, 200)}\``;
    return `${at}: ${message}`;
  });
  throw invalid(faults.join('; '));
}

const invalid = (message: string): ApiError =>
  new ApiError('invalid_request', message, '`GET /v1/openapi.json` tells what this request takes.');

/** @throws ApiError('invalid_request') */
function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new ApiError('invalid_request', 'The body is not JSON.', 'Send one JSON object.');
  }
}

function errorOf(error: unknown, now: number): ApiError {
  if (error instanceof ApiError) return error;
  const own = ownErrorOf(error);
  return own ?? errorOfRefusal(asRefusal(error), now);
}

/** What the library refuses by itself. */
function ownErrorOf(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('body_too_large', `The body is larger than ${MOST_BODY_BYTES} bytes.`, 'Send less at once.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError(
        'unsupported_media_type',
        'The body is not `application/json`.',
        'Send JSON, with that content type.',
      );
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new ApiError('invalid_request', error.message, 'Send the request as HTTP describes it.');
    default:
      return undefined;
  }
}
