import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { isFromElsewhere } from '../loopback.ts';
import { type Fields, grantToken, startDeviceFlow, type Told } from './grants.ts';

/** Where programs begin a device flow and ask for its token. Refusals are answered with status 200, as GitHub does. */
export async function registerSignIn(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 64 * 1024 }, (_request, body, done) =>
      done(null, body),
    );
    scope.addHook('onRequest', async (request) => {
      if (isFromElsewhere(request.headers)) throw new ApiError(403, 'Pages of other machines sign nobody in here.');
    });
    scope.post('/login/device/code', async (request, reply) => {
      const told = startDeviceFlow(context, fieldsOf(request));
      return told === undefined ? tell(request, reply.code(404), { error: 'Not Found' }) : tell(request, reply, told);
    });
    scope.post('/login/oauth/access_token', async (request, reply) =>
      tell(request, reply, grantToken(context, fieldsOf(request))),
    );
  });
}

const json = z.record(z.string(), z.string());

/** From the query and the body, which is a form or JSON. */
function fieldsOf({ query, body, headers }: FastifyRequest): Fields {
  const inQuery = json.safeParse(query);
  return { ...(inQuery.success ? inQuery.data : {}), ...bodyFields(body, headers['content-type'] ?? '') };
}

function bodyFields(body: unknown, type: string): Fields {
  if (typeof body !== 'string') return {};
  if (!type.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(body));
  try {
    return json.parse(JSON.parse(body));
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
}

function tell({ headers }: FastifyRequest, reply: FastifyReply, told: Told): FastifyReply {
  reply.header('cache-control', 'no-store');
  if (headers.accept?.includes('application/json') === true) {
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(told));
  }
  const form = new URLSearchParams(
    Object.entries(told).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return reply.type('application/x-www-form-urlencoded; charset=utf-8').send(form.toString());
}
