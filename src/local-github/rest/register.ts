import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import type { Gate } from '../gate.ts';
import { appRoutes } from './app-routes.ts';
import type { RawCall } from './call.ts';
import { clientRoutes } from './client-routes.ts';
import { commentRoutes } from './comment-routes.ts';
import { contentRoutes } from './content-routes.ts';
import { gitObjectRoutes } from './git-object-routes.ts';
import { gitRefRoutes } from './git-ref-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { propertyRoutes } from './property-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { reactionRoutes } from './reaction-routes.ts';
import { repositoryListRoutes } from './repository-list-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { rootRoutes } from './root-routes.ts';
import type { Route } from './route.ts';
import { addLimits, send, sendError } from './send.ts';

/** Every REST operation that the local GitHub speaks. */
export const routes: readonly Route[] = [
  ...rootRoutes,
  ...appRoutes,
  ...clientRoutes,
  ...repositoryRoutes,
  ...repositoryListRoutes,
  ...propertyRoutes,
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
export async function registerRest(app: FastifyInstance, context: Context, gate: Gate): Promise<void> {
  await app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 60 * 1024 * 1024 }, (_request, body, done) =>
        done(null, body),
      );
      for (const route of routes) {
        const url = route.path.replace(/\{(\w+)\+\}$/, '*').replace(/\{(\w+)\}/g, ':$1');
        for (const spelling of [url, ...(route.lastIsOptional ? [url.replace(/\/\*$/, '')] : [])]) {
          scope.route({
            method: route.method,
            url: spelling,
            config: { template: templateOf(route), withoutLast: spelling !== url },
            handler: (request, reply) => gate.whenItLands(request, () => answerRoute(context, route, request, reply)),
          });
        }
      }
      scope.setErrorHandler((error, request, reply) => answerError(context, error, request, reply));
      scope.setNotFoundHandler((request, reply) => sendError(request, reply, new ApiError(404, 'Not Found')));
    },
    { prefix: '/api/v3' },
  );
}

const templateOf = ({ method, path }: Route): string => `${method} ${path.replace('+}', '}')}`;

async function answerRoute(context: Context, route: Route, request: FastifyRequest, reply: FastifyReply) {
  reply.headers({ 'x-github-media-type': 'github.v3; format=json', 'x-github-api-version-selected': '2022-11-28' });
  if (request.headers['user-agent'] === undefined) {
    throw new ApiError(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
  }
  return send(context, request, reply, await route.run(rawCall(context, route, request)));
}

/** Of our own refusals and of the server's, such as of a body beyond all bounds; anything else is a fault of ours. */
async function answerError(
  context: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  template?: string,
) {
  const refusal = refusalOf(error);
  if (refusal === undefined) {
    context.log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    return sendError(request, reply, new ApiError(500, 'Server Error'), template);
  }
  await addLimits(context, request, reply);
  return sendError(request, reply, refusal, template);
}

function refusalOf(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (!(error instanceof Error) || status < 400 || status >= 500) return undefined;
  // GitHub's description promises neither of the statuses of HTTP: too much is invalid, too long a name names nothing.
  if (status === 413) return new ApiError(422, 'Sorry, your input was too large to process.');
  if (status === 414) return notFound();
  return new ApiError(status, error.message);
}

/** For an address under `/api/v3` that no route could read, e.g. `contents/%ff`. */
export function answerUnreadable(context: Context, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?')[0]?.slice('/api/v3'.length) ?? '';
  const meant = routes.find((route) => {
    const pattern = route.path.replace(/\{\w+\}/g, '[^/]+').replace(/\{\w+\+\}$/, '.*');
    return route.method === request.method && new RegExp(`^${pattern}$`).test(path);
  });
  return answerError(context, error, request, reply, meant && templateOf(meant));
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
