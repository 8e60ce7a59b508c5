import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { createComment } from '../operations/comments.ts';
import type { Comment, Issue, Repository } from '../state/records.ts';
import { commenters } from './conversation.ts';
import { readOwnForm } from './own-form.ts';

const form = z.object({ as: z.string(), body: z.string(), token: z.string().default('') });

/**
 * Posts what the comment box sent.
 * @throws ApiError 403 for what is no form of ours, 422 for a person who cannot comment or an empty text
 */
export function postComment(context: Context, request: FastifyRequest, repository: Repository, issue: Issue): Comment {
  const fields = readOwnForm(context, request, form);
  if (repository.archived) throw new ApiError(403, 'This repository is archived: nobody can comment.');
  const account = commenters(context, repository).find(({ login }) => login === fields.as);
  if (account === undefined) throw new ApiError(422, `${fields.as} cannot comment here.`);
  // Browsers send CRLF in forms; GitHub stores what the box shows.
  return createComment(context, { account, app: null }, repository, issue, fields.body.replaceAll('\r\n', '\n'));
}
