import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { createComment } from '../operations/comments.ts';
import { cookieIn, cookieName, isSame } from '../page-key.ts';
import type { Comment, Issue, Repository } from '../state/records.ts';
import { commenters } from './conversation.ts';

const form = z.object({ as: z.string(), body: z.string(), token: z.string().default('') });

/**
 * Posts what the comment box sent. The pages ask for no password, so another site open in the same browser could post
 * here: only forms of our own pages are taken, told by Sec-Fetch-Site and Origin, which scripts cannot forge. Other
 * programs can, so the form's token and the browser's cookie of this start are asked for as well.
 * @throws ApiError 403 for other origins and without both, 422 for a person who cannot comment or an empty text
 */
export function postComment(context: Context, request: FastifyRequest, repository: Repository, issue: Issue): Comment {
  if (!isOurOwnPage(context, request)) {
    throw new ApiError(403, 'Comments are taken from the pages of this server only.');
  }
  const fields = form.safeParse(Object.fromEntries(new URLSearchParams(String(request.body ?? ''))));
  if (!fields.success) throw new ApiError(422, 'The form needs the fields as and body.');
  if (!holdsKey(context, request, fields.data.token)) {
    throw new ApiError(403, 'This form is not from a page of this start of the server. Reload the page, then comment.');
  }
  if (repository.archived) throw new ApiError(403, 'This repository is archived: nobody can comment.');
  const account = commenters(context, repository).find(({ login }) => login === fields.data.as);
  if (account === undefined) throw new ApiError(422, `${fields.data.as} cannot comment here.`);
  // Browsers send CRLF in forms; GitHub stores what the box shows.
  return createComment(context, { account, app: null }, repository, issue, fields.data.body.replaceAll('\r\n', '\n'));
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
