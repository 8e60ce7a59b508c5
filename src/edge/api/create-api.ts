import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Caller } from '../../ports/callers.ts';
import type { Log } from '../../ports/log.ts';
import type { Instruments } from '../../ports/metrics.ts';
import { Admission } from './admission.ts';
import { ApiError, type ApiErrorCode } from './api-error.ts';
import type { ApiContext } from './context.ts';
import { errorOf } from './error-of.ts';
import { identify } from './identify.ts';
import { MOST_BODY_BYTES, parseJson } from './json-body.ts';
import { register } from './register.ts';
import { apiRoutes } from './routes/routes.ts';

/** What somebody meets who may not: GitHub was asked for it. Who reads is asked about once a minute for each place. */
const FORBIDDEN: ReadonlySet<ApiErrorCode> = new Set(['not_permitted', 'control_repository_refused', 'unknown_fleet']);

export interface Api {
  /** Answers a request whose path is below `/v1`. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  /** Ends the streams; what is being answered is answered. */
  close(): Promise<void>;
}

interface ApiOptions {
  /** Of one caller. */
  requestsPerMinute: number;
  /** Absent: nobody counts. */
  instruments?: Pick<Instruments, 'httpAnswered'> | undefined;
}

/** The HTTP API: identifies the caller, parses by the route's schemas, calls the route, and tells errors in one envelope. */
export async function createApi(
  context: ApiContext,
  log: Log,
  { requestsPerMinute, instruments }: ApiOptions,
): Promise<Api> {
  const { clock } = context.fleet;
  const stopping = new AbortController();
  const admission = new Admission(requestsPerMinute, clock.now);
  const app = fastify({
    bodyLimit: MOST_BODY_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    // A path that cannot be decoded is answered before any route.
    frameworkErrors: (error, request, reply) => void fail(error, request, reply).catch(() => reply.raw.destroy()),
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
    const { code, message, remedy } = told;
    await reply
      .code(told.status)
      .headers({ ...safe(request), ...told.headers })
      .send({ error: { code, message, remedy, request_id: request.id } });
  }

  app.setErrorHandler(fail);
  app.addHook('onSend', async (request, reply) => {
    reply.headers(safe(request));
  });
  app.addHook('onRequest', async ({ method, routeOptions: { url: route = '' } }, reply) => {
    reply.raw.once('close', () => {
      const status = reply.raw.headersSent ? reply.raw.statusCode : 0;
      instruments?.httpAnswered({ route, method, status, durationMs: reply.elapsedTime });
    });
  });
  app.decorateRequest('caller');
  // Before the body is read: nobody without a token makes this process keep one.
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers;
    // Of the connection: what a header says of it, anybody can write.
    const address = request.socket.remoteAddress;
    request.setDecorator('caller', await identify(context.callers, admission, { authorization, address }));
  });
  app.addHook('onError', async (request, _reply, error) => {
    const caller = request.getDecorator<Caller | undefined>('caller');
    const { code } = errorOf(error, clock.now());
    if (caller !== undefined && request.method !== 'GET' && FORBIDDEN.has(code)) admission.forbidden(caller);
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

/** Of every answer, those that the library gives before any hook among them. */
const safe = ({ id }: FastifyRequest): Record<string, string> => ({
  'x-request-id': id,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
});
