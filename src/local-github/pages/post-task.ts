import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { roleIsAtLeast, roleOf } from '../access/permissions.ts';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { editIssue } from '../operations/issues.ts';
import { isPull } from '../state/queries.ts';
import type { Account, Issue, Repository } from '../state/records.ts';
import { toggleTask } from './markdown-tasks.ts';
import { readOwnForm } from './own-form.ts';

const form = z.object({
  as: z.string(),
  line: z.coerce.number().int().nonnegative(),
  version: z.string(),
  token: z.string().default(''),
});

/** People who may change an issue's text: its author, and whoever can write. */
export function editors(context: Context, repository: Repository, issue: Issue): Account[] {
  if (repository.archived || isPull(issue)) return [];
  const { state } = context;
  return state.accounts.where(
    (account) =>
      account.type === 'User' &&
      (account.id === issue.authorId || roleIsAtLeast(roleOf(state, account, repository), 'write')),
  );
}

/** Of the text that a page shows: a click on another one is refused. */
export function bodyVersion({ body }: Issue): string {
  return createHash('sha256')
    .update(body ?? '')
    .digest('hex');
}

/**
 * Ticks or unticks a box in an issue's body.
 * @throws ApiError 403 for what is no form of ours, 422 for a person who may not, another text, and a line without a box
 */
export function postTask(context: Context, request: FastifyRequest, repository: Repository, issue: Issue): void {
  const { as, line, version } = readOwnForm(context, request, form);
  const account = editors(context, repository, issue).find(({ login }) => login === as);
  if (account === undefined) throw new ApiError(422, `${as} cannot edit this.`);
  if (version !== bodyVersion(issue)) {
    throw new ApiError(422, 'The text was changed since the page was loaded. Reload the page, then try again.');
  }
  const body = toggleTask(issue.body ?? '', line);
  if (body === undefined) throw new ApiError(422, 'There is no box in this line.');
  editIssue(context, { account, app: null }, repository, issue, { body });
}
