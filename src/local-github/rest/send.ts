import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { tellExchange } from '../exchanges.ts';
import { rateKey } from './admit.ts';
import type { Answer } from './call.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The template's last name and its slash are left out, which GitHub answers and its description does not know. */
    withoutLast?: boolean;
  }
}

/** An answer with its tag; 304 where it is known already. */
export async function send(context: Context, request: FastifyRequest, reply: FastifyReply, answer: Answer) {
  const { body } = answer;
  const asItIs = typeof body === 'string' || body instanceof Buffer;
  const content = asItIs ? body : body === undefined ? '' : JSON.stringify(body);
  if (request.method === 'GET' && answer.status === 200) {
    const tag = `W/"${createHash('sha256').update(content).digest('hex')}"`;
    reply.header('etag', tag).header('cache-control', 'private, max-age=60, s-maxage=60');
    if (matches(request.headers['if-none-match'], tag)) {
      context.limits.refund(rateKey(await context.authenticate(request)), 'core');
      await addLimits(context, request, reply);
      return sendContent(request, reply.code(304).removeHeader('content-type'), '');
    }
  }
  await addLimits(context, request, reply);
  if (!asItIs) reply.header('content-type', 'application/json; charset=utf-8');
  reply.headers(answer.headers ?? {}).code(answer.status);
  if (body === undefined) reply.removeHeader('content-type');
  return sendContent(request, reply, content);
}

function matches(header: string | undefined, tag: string): boolean {
  const bare = (value: string): string => value.trim().replace(/^W\//, '');
  return header?.split(',').some((value) => bare(value) === bare(tag)) ?? false;
}

export async function addLimits(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const actor = await context.authenticate(request).catch(() => undefined);
  if (actor !== undefined) reply.headers(context.limits.headers(rateKey(actor), 'core'));
}

/** @param template of the operation that was meant, where no route took the request */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: ApiError, template?: string) {
  reply.code(error.status).headers(error.headers).header('content-type', 'application/json; charset=utf-8');
  return sendContent(request, reply, JSON.stringify(error), template);
}

const ROOT = '/api/v3'.length;

/** Every answer goes through here, so that none remains untold; with its address in the description's spelling. */
function sendContent(request: FastifyRequest, reply: FastifyReply, body: string | Buffer, meant?: string) {
  const { template = meant, withoutLast } = request.routeOptions.config;
  tellExchange(() => ({
    method: request.method,
    template: template?.split(' ')[1],
    path: withoutLast === true ? request.url.replace(/\/?(?=\?|$)/, '/').slice(ROOT) : request.url.slice(ROOT),
    userAgent: request.headers['user-agent'] ?? '',
    accept: request.headers.accept ?? '',
    requestBody: typeof request.body === 'string' && request.body !== '' ? request.body : undefined,
    status: reply.statusCode,
    contentType: reply.getHeader('content-type')?.toString(),
    body: body.toString(),
  }));
  return body.length === 0 ? reply.send() : reply.send(body);
}
