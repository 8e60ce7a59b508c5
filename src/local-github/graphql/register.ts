import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authorOf } from '../actor.ts';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { rateKey } from '../rest/admit.ts';
import { executeDocument, type GraphqlAnswer } from './execute.ts';

const graphqlRequest = z.looseObject({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * `POST /api/graphql`. Whatever is wrong with the document, its fields or the hour's points is HTTP 200 with `errors`;
 * only credentials and broken JSON have a status of their own.
 */
export async function registerGraphql(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 4 * 1024 * 1024 }, (_request, body, done) =>
      done(null, body),
    );
    scope.route({
      method: 'POST',
      url: '/api/graphql',
      config: { template: 'POST /graphql' },
      handler: async (request, reply) => {
        try {
          await send(reply, 200, await answer(context, request, reply));
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          reply.headers(error.headers);
          await send(reply, error.status, error);
        }
        return reply;
      },
    });
  });
}

async function answer(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<GraphqlAnswer> {
  const actor = await context.authenticate(request);
  const author = authorOf(actor);
  if (author === undefined) throw new ApiError(401, 'This endpoint requires you to be authenticated.');
  const body = graphqlRequest.safeParse(parseJson(request.body));
  const key = rateKey(actor);
  context.limits.spendPoints(key, 1);
  try {
    context.limits.spend(key, 'graphql');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    reply.headers(error.headers);
    return { errors: [{ type: 'RATE_LIMITED', message: error.message }] };
  }
  reply.headers(context.limits.headers(key, 'graphql'));
  if (!body.success) return { errors: [{ message: 'A query attribute must be specified and must be a string.' }] };
  const budget = () => context.limits.status(key, 'graphql');
  return executeDocument(context, { actor, account: author.account, budget }, body.data);
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : '');
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
}

async function send(reply: FastifyReply, status: number, body: unknown): Promise<void> {
  await reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}
