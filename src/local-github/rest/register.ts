import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { tellExchange } from '../exchanges.ts';
import { rateKey } from './admit.ts';
import { appRoutes } from './app-routes.ts';
import type { Answer, RawCall } from './call.ts';
import { commentRoutes } from './comment-routes.ts';
import { contentRoutes } from './content-routes.ts';
import { gitObjectRoutes } from './git-object-routes.ts';
import { gitRefRoutes } from './git-ref-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { reactionRoutes } from './reaction-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { rootRoutes } from './root-routes.ts';
import type { Route } from './route.ts';

/** Every REST operation that the local GitHub speaks. */
export const routes: readonly Route[] = [
  ...rootRoutes,
  ...appRoutes,
  ...repositoryRoutes,
  ...contentRoutes,
  ...gitObjectRoutes,
  ...gitRefRoutes,
  ...historyRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...reactionRoutes,
  ...labelRoutes,
  ...pullRoutes,
];

/** Answers under `/api/v3`. Bodies arrive as text, because broken JSON has its own answer. */
export async function registerRest(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 60 * 1024 * 1024 }, (_request, body, done) =>
        done(null, body),
      );
      for (const route of routes) {
        scope.route({
          method: route.method,
          url: route.path.replace(/\{(\w+)\+\}$/, '*').replace(/\{(\w+)\}/g, ':$1'),
          config: { template: `${route.method} ${route.path.replace('+}', '}')}` },
          handler: (request, reply) => answerRoute(context, route, request, reply),
        });
      }
      scope.setNotFoundHandler((request, reply) => sendError(request, reply, new ApiError(404, 'Not Found')));
    },
    { prefix: '/api/v3' },
  );
}

async function answerRoute(context: Context, route: Route, request: FastifyRequest, reply: FastifyReply) {
  reply.headers({ 'x-github-media-type': 'github.v3; format=json', 'x-github-api-version-selected': '2022-11-28' });
  try {
    if (request.headers['user-agent'] === undefined) {
      throw new ApiError(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      );
    }
    const answer = await route.run(rawCall(context, route, request));
    return await send(context, request, reply, answer);
  } catch (error) {
    if (!(error instanceof ApiError)) {
      context.log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
      return sendError(request, reply, new ApiError(500, 'Server Error'));
    }
    await addLimits(context, request, reply);
    return sendError(request, reply, error);
  }
}

function rawCall(context: Context, route: Route, request: FastifyRequest): RawCall {
  const rest = /\{(\w+)\+\}$/.exec(route.path)?.[1];
  const path: Record<string, string> = {};
  for (const [name, value] of Object.entries(Object(request.params))) {
    path[name === '*' && rest !== undefined ? rest : name] = String(value);
  }
  const media = /application\/vnd\.github\.(?:v3\.)?(raw|diff|patch|sha)(?:\+json)?/.exec(request.headers.accept ?? '');
  const wanted = media?.[1];
  return {
    context,
    request,
    path,
    query: request.query,
    readBody: () => parseJson(request.body),
    media: wanted === 'raw' || wanted === 'diff' || wanted === 'patch' || wanted === 'sha' ? wanted : undefined,
  };
}

function parseJson(body: unknown): unknown {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
}

async function send(context: Context, request: FastifyRequest, reply: FastifyReply, answer: Answer) {
  const text =
    answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  if (request.method === 'GET' && answer.status === 200) {
    const tag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
    reply.header('etag', tag).header('cache-control', 'private, max-age=60, s-maxage=60');
    if (matches(request.headers['if-none-match'], tag)) {
      context.limits.refund(rateKey(await context.authenticate(request)), 'core');
      await addLimits(context, request, reply);
      return sendText(request, reply.code(304).removeHeader('content-type'), '');
    }
  }
  await addLimits(context, request, reply);
  if (typeof answer.body !== 'string') reply.header('content-type', 'application/json; charset=utf-8');
  reply.headers(answer.headers ?? {}).code(answer.status);
  if (answer.body === undefined) reply.removeHeader('content-type');
  return sendText(request, reply, text);
}

function matches(header: string | undefined, tag: string): boolean {
  const bare = (value: string): string => value.trim().replace(/^W\//, '');
  return header?.split(',').some((value) => bare(value) === bare(tag)) ?? false;
}

async function addLimits(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const actor = await context.authenticate(request).catch(() => undefined);
  if (actor !== undefined) reply.headers(context.limits.headers(rateKey(actor), 'core'));
}

function sendError(request: FastifyRequest, reply: FastifyReply, error: ApiError) {
  reply.code(error.status).headers(error.headers).header('content-type', 'application/json; charset=utf-8');
  return sendText(request, reply, JSON.stringify(error));
}

function sendText(request: FastifyRequest, reply: FastifyReply, body: string) {
  tellExchange(() => ({
    method: request.method,
    template: request.routeOptions.config.template?.split(' ')[1],
    path: request.url.slice('/api/v3'.length),
    userAgent: request.headers['user-agent'] ?? '',
    accept: request.headers.accept ?? '',
    requestBody: typeof request.body === 'string' && request.body !== '' ? request.body : undefined,
    status: reply.statusCode,
    contentType: reply.getHeader('content-type')?.toString(),
    body,
  }));
  return body === '' ? reply.send() : reply.send(body);
}
