import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { cookieIn, cookieName, isSame } from '../page-key.ts';

/**
 * What a form of our own pages sent. The pages ask for no password, so another site open in the same browser could post
 * here: only forms of our own pages are taken, told by Sec-Fetch-Site and Origin, which scripts cannot forge. Other
 * programs can, so the form's token and the browser's cookie of this start are asked for as well.
 * @throws ApiError 403 for other origins and without both, 422 for other fields
 */
export function readOwnForm<T extends { token: string }>(
  context: Context,
  request: FastifyRequest,
  form: z.ZodType<T>,
): T {
  if (!isOurOwnPage(context, request)) {
    throw new ApiError(403, 'Forms are taken from the pages of this server only.');
  }
  const fields = form.safeParse(Object.fromEntries(new URLSearchParams(String(request.body ?? ''))));
  if (!fields.success) throw new ApiError(422, 'Fields of the form are missing.');
  if (!holdsKey(context, request, fields.data.token)) {
    throw new ApiError(
      403,
      'This form is not from a page of this start of the server. Reload the page, then try again.',
    );
  }
  return fields.data;
}

function holdsKey({ pageKey, baseUrl }: Context, request: FastifyRequest, token: string): boolean {
  const cookie = cookieIn(request.headers.cookie, cookieName(baseUrl));
  return isSame(token, pageKey.formToken) && isSame(cookie, pageKey.cookie);
}

function isOurOwnPage(context: Context, request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  if (site === undefined && origin === undefined) return false;
  if (site !== undefined && site !== 'same-origin') return false;
  const { port } = new URL(context.baseUrl);
  const own = [context.baseUrl, `http://localhost:${port}`, `http://127.0.0.1:${port}`];
  // By our own names: a foreign name that was made to point here is same-origin with itself.
  return (origin === undefined || own.includes(origin)) && own.includes(`http://${request.headers.host}`);
}
