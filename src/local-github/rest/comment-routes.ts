import { z } from 'zod';
import { createComment, deleteComment, editComment } from '../operations/comments.ts';
import { renderComment } from '../render-json/issue.ts';
import { commentsOf } from '../state/queries.ts';
import type { Comment } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { commentIn, issueIn } from './find.ts';
import { pageOf, paging } from './paging.ts';
import { readRoute, type WriteCall, writeRoute } from './route.ts';

const either = ['issues', 'pull_requests'];
const since = z.iso.datetime({ offset: true }).optional();
const commentBody = z.strictObject({ body: z.string() });

export const commentRoutes = [
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    need: either,
    role: 'read',
    content: true,
    query: noQuery,
    body: commentBody,
    resource: 'IssueComment',
    handler: (call) => {
      const { context, author, repository, body } = call;
      const comment = createComment(context, author, repository, issueIn(call), body.body);
      return { status: 201, body: renderComment(context, repository, comment) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    need: either,
    query: z.strictObject({ ...paging, since }),
    body: noBody,
    handler: (call) => {
      const { context, repository, raw, query } = call;
      const found = commentsOf(context.state, issueIn(call).id).filter(isSince(query.since));
      return pageOf(raw, query, found, (comment) => renderComment(context, repository, comment));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments',
    need: either,
    query: z.strictObject({
      ...paging,
      since,
      sort: z.enum(['created', 'updated']).default('created'),
      direction: z.enum(['asc', 'desc']).optional(),
    }),
    body: noBody,
    handler: ({ context, repository, raw, query }) => {
      const key = query.sort === 'created' ? 'createdAt' : 'updatedAt';
      const sign = query.direction === 'desc' ? -1 : 1;
      const found = context.state.comments
        .where((comment) => comment.repositoryId === repository.id)
        .filter(isSince(query.since))
        .sort((a, b) => sign * (a[key] - b[key] || a.id - b.id));
      return pageOf(raw, query, found, (comment) => renderComment(context, repository, comment));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    need: either,
    query: noQuery,
    body: noBody,
    handler: (call) => ({ status: 200, body: renderComment(call.context, call.repository, commentIn(call)) }),
  }),
  writeRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    need: either,
    role: 'read',
    content: true,
    query: noQuery,
    body: commentBody,
    resource: 'IssueComment',
    handler: (call) => {
      const { context, author, repository, body } = call;
      const comment = editComment(context, author, repository, ownComment(call), body.body);
      return { status: 200, body: renderComment(context, repository, comment) };
    },
  }),
  writeRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    need: either,
    role: 'read',
    query: noQuery,
    body: noBody,
    handler: (call) => {
      deleteComment(call.context, call.author, call.repository, ownComment(call));
      return { status: 204 };
    },
  }),
];

/** People change their own comments; others' with write permission. */
function ownComment(call: WriteCall): Comment {
  const comment = commentIn(call);
  if (comment.authorId !== call.author.account.id) call.demandRole('write');
  return comment;
}

function isSince(time: string | undefined): (comment: Comment) => boolean {
  return (comment) => time === undefined || comment.updatedAt >= Date.parse(time);
}
