import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { FoundText, GitHubWrites } from '../../../ports/github-writes.ts';
import { parseAnswer, timestamp } from '../answers.ts';
import { isNotFound } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';
import { wholeSecond } from './issues.ts';

const comment = z
  .object({ id: z.int(), html_url: z.string() })
  .transform(({ id, html_url }) => ({ id, url: html_url }));

const listed = z.array(
  z.object({
    id: z.int(),
    html_url: z.string(),
    body: z.string().nullish(),
    user: z.object({ id: z.int() }).nullable(),
    created_at: timestamp,
  }),
);

type CommentWrites = Pick<
  GitHubWrites,
  'createComment' | 'updateComment' | 'deleteComment' | 'addReaction' | 'commentsSince'
>;

export function commentWrites(octokit: Octokit): CommentWrites {
  return {
    async createComment(repository, issueNumber, body) {
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
      const { data } = await octokit.request(route, { ...ownerAndRepo(repository), issue_number: issueNumber, body });
      return parseAnswer(comment, data, route);
    },

    async updateComment(repository, commentId, body) {
      const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
      const { data } = await octokit.request(route, { ...ownerAndRepo(repository), comment_id: commentId, body });
      return parseAnswer(comment, data, route);
    },

    async deleteComment(repository, commentId) {
      const route = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';
      try {
        await octokit.request(route, { ...ownerAndRepo(repository), comment_id: commentId });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    /** Twice the same reaction is one: GitHub answers 200 instead of 201. */
    async addReaction(repository, commentId, reaction) {
      await octokit.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
        ...ownerAndRepo(repository),
        comment_id: commentId,
        content: reaction,
      });
    },

    async commentsSince(repository, issueNumber, since) {
      const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
      const from = wholeSecond(since);
      const found: FoundText[] = [];
      const pages = octokit.paginate.iterator(route, {
        ...ownerAndRepo(repository),
        issue_number: issueNumber,
        since: new Date(from).toISOString(),
        per_page: 100,
      });
      for await (const { data } of pages) {
        for (const one of parseAnswer(listed, data, route)) {
          if (one.created_at >= from) found.push(foundComment(one, issueNumber));
        }
      }
      return found;
    },
  };
}

function foundComment(one: z.infer<typeof listed>[number], issueNumber: number): FoundText {
  const { id, html_url, body, user, created_at } = one;
  return { id, number: issueNumber, url: html_url, body: body ?? '', authorId: user?.id ?? 0, createdAt: created_at };
}
