import type { Author } from '../actor.ts';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { renderComment, renderIssueOfEvent } from '../render-json/issue.ts';
import type { Comment, Issue, Repository } from '../state/records.ts';
import { announce } from './announce.ts';
import { checkCommentBody } from './check-text.ts';

/** Also for pull requests: their conversation is the issue's. @throws ApiError 422, 403 when locked */
export function createComment(
  context: Context,
  author: Author,
  repository: Repository,
  issue: Issue,
  body: string,
): Comment {
  checkCommentBody(body);
  if (issue.locked) throw new ApiError(403, 'Unable to create comment because issue is locked.');
  const now = context.now();
  const comment = context.state.comments.insert({
    id: context.state.nextId('comment'),
    repositoryId: repository.id,
    issueId: issue.id,
    authorId: author.account.id,
    appId: author.app?.id ?? null,
    body,
    createdAt: now,
    updatedAt: now,
  });
  context.state.issues.update(issue.id, { updatedAt: now });
  announceComment(context, author, repository, comment, 'created');
  return comment;
}

/** @throws ApiError 422 */
export function editComment(
  context: Context,
  author: Author,
  repository: Repository,
  before: Comment,
  body: string,
): Comment {
  checkCommentBody(body);
  const comment = context.state.comments.update(before.id, { body, updatedAt: context.now() });
  if (before.body !== body) {
    announceComment(context, author, repository, comment, 'edited', { changes: { body: { from: before.body } } });
  }
  return comment;
}

export function deleteComment(context: Context, author: Author, repository: Repository, comment: Comment): void {
  announceComment(context, author, repository, comment, 'deleted');
  context.state.comments.delete(comment.id);
}

function announceComment(
  context: Context,
  author: Author,
  repository: Repository,
  comment: Comment,
  action: 'created' | 'edited' | 'deleted',
  more: Readonly<Record<string, unknown>> = {},
): void {
  announce(context, author, repository, 'issue_comment', action, {
    ...more,
    issue: renderIssueOfEvent(context, repository, context.state.issues.need(comment.issueId)),
    comment: renderComment(context, repository, comment),
  });
}
