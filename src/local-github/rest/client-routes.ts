import { z } from 'zod';
import { isExpired } from '../access/tokens.ts';
import { notFound } from '../api-error.ts';
import { renderAuthorization } from '../render-json/app.ts';
import type { Token } from '../state/records.ts';
import { noQuery } from './call.ts';
import { type AppCall, clientRoute } from './route.ts';

const tokenInBody = z.strictObject({ access_token: z.string() });

/** What an app asks with its client id and secret. */
export const clientRoutes = [
  clientRoute({
    method: 'POST',
    path: '/applications/{client_id}/token',
    query: noQuery,
    body: tokenInBody,
    resource: 'Token',
    handler: (call) => ({ status: 200, body: renderAuthorization(call.context, call.app, issuedToken(call)) }),
  }),
  clientRoute({
    method: 'DELETE',
    path: '/applications/{client_id}/token',
    query: noQuery,
    body: tokenInBody,
    resource: 'Token',
    handler: (call) => {
      call.context.state.tokens.delete(issuedToken(call).id);
      return { status: 204 };
    },
  }),
];

/** @throws ApiError 404 for a token that was issued to another app or to none, is unknown, revoked or expired */
function issuedToken({ context, app, body }: AppCall<unknown, z.infer<typeof tokenInBody>>): Token {
  const found = context.state.tokens.find(({ token, appId }) => token === body.access_token && appId === app.id);
  if (found === undefined || isExpired(found, context.now())) throw notFound();
  return found;
}
