import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { ApiContext } from './context.ts';
import type { ApiAnswer, ApiRoute } from './route.ts';

/** What of a path is the API's. */
export const API_PATH = '/v1';

const SILENT_MS = 120_000;

/** Serves a route: what it takes is parsed, what it answers is sent. */
export function register(app: FastifyInstance, route: ApiRoute, context: ApiContext, stopping: AbortSignal): void {
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
  // Where nothing could be sent for so long, nobody reads; streams have a heartbeat.
  reply.raw.setTimeout(SILENT_MS, () => reply.raw.destroy());
  if ('body' in answer) return reply.send(answer.body);
  // Proxies would gather events otherwise.
  reply.headers({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
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
