import { z } from 'zod';
import { notFound } from '../api-error.ts';
import { addReaction } from '../operations/reactions.ts';
import { renderReaction } from '../render-json/issue.ts';
import { reactionsOf } from '../state/queries.ts';
import { reactionContent } from '../state/records.ts';
import { noBody, noQuery, numberIn } from './call.ts';
import { commentIn, issueIn } from './find.ts';
import { pageOf, paging } from './paging.ts';
import { type ReadCall, readRoute, writeRoute } from './route.ts';

/** Reactions hang on issues (and pull requests) and on their comments. */
const subjects = [
  {
    path: '/repos/{owner}/{repo}/issues/{issue_number}/reactions',
    subject: 'issue',
    idOf: (call: Pick<ReadCall, 'context' | 'repository' | 'path'>) => issueIn(call).id,
  },
  {
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    subject: 'comment',
    idOf: (call: Pick<ReadCall, 'context' | 'repository' | 'path'>) => commentIn(call).id,
  },
] as const;

export const reactionRoutes = subjects.flatMap(({ path, subject, idOf }) => [
  writeRoute({
    method: 'POST',
    path,
    need: 'issues',
    role: 'read',
    query: noQuery,
    body: z.strictObject({ content: reactionContent }),
    resource: 'Reaction',
    handler: (call) => {
      const { reaction, created } = addReaction(call.context, call.author, subject, idOf(call), call.body.content);
      return { status: created ? 201 : 200, body: renderReaction(call.context, reaction) };
    },
  }),
  readRoute({
    method: 'GET',
    path,
    need: 'issues',
    query: z.strictObject({ ...paging, content: reactionContent.optional() }),
    body: noBody,
    handler: (call) => {
      const { context, raw, query } = call;
      const all = reactionsOf(context.state, subject, idOf(call));
      const found = all.filter(({ content }) => query.content === undefined || content === query.content);
      return pageOf(raw, query, found, (reaction) => renderReaction(context, reaction));
    },
  }),
  writeRoute({
    method: 'DELETE',
    path: `${path}/{reaction_id}`,
    need: 'issues',
    role: 'read',
    query: noQuery,
    body: noBody,
    handler: (call) => {
      const reaction = call.context.state.reactions.get(numberIn(call.path('reaction_id')));
      if (reaction === undefined || reaction.subject !== subject || reaction.subjectId !== idOf(call)) throw notFound();
      if (reaction.authorId !== call.author.account.id) throw notFound();
      call.context.state.reactions.delete(reaction.id);
      return { status: 204 };
    },
  }),
]);
