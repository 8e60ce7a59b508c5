import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { FoundText, GitHubWrites } from '../../../ports/github-writes.ts';
import { parseAnswer, timestamp } from '../answers.ts';
import { ownerAndRepo } from '../full-name.ts';

const issue = z
  .object({ id: z.int(), number: z.int(), html_url: z.string() })
  .transform(({ id, number, html_url }) => ({ id, number, url: html_url }));

const listed = z.array(
  z.object({
    id: z.int(),
    number: z.int(),
    html_url: z.string(),
    body: z.string().nullish(),
    user: z.object({ id: z.int() }).nullable(),
    created_at: timestamp,
    pull_request: z.unknown().optional(),
  }),
);

/** GitHub's times are whole seconds: what was written in the second of `since` counts. */
export const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000;

type IssueWrites = Pick<GitHubWrites, 'createIssue' | 'updateIssue' | 'issuesSince'>;

export function issueWrites(octokit: Octokit): IssueWrites {
  return {
    async createIssue(repository, { title, body }) {
      const route = 'POST /repos/{owner}/{repo}/issues';
      const { data } = await octokit.request(route, { ...ownerAndRepo(repository), title, body });
      return parseAnswer(issue, data, route);
    },

    async updateIssue(repository, number, { stateReason, ...change }) {
      const route = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
      const { data } = await octokit.request(route, {
        ...ownerAndRepo(repository),
        issue_number: number,
        ...change,
        ...(stateReason === undefined ? {} : { state_reason: stateReason }),
      });
      return parseAnswer(issue, data, route);
    },

    /** `since` of GitHub compares the last update, so that it only narrows. Pull requests are issues here and left out. */
    async issuesSince(repository, since) {
      const route = 'GET /repos/{owner}/{repo}/issues';
      const from = wholeSecond(since);
      const found: FoundText[] = [];
      const pages = octokit.paginate.iterator(route, {
        ...ownerAndRepo(repository),
        state: 'all',
        sort: 'created',
        direction: 'desc',
        since: new Date(from).toISOString(),
        per_page: 100,
      });
      for await (const { data } of pages) {
        for (const one of parseAnswer(listed, data, route)) {
          if (one.pull_request === undefined && one.created_at >= from) found.push(foundIssue(one));
        }
      }
      return found;
    },
  };
}

function foundIssue(one: z.infer<typeof listed>[number]): FoundText {
  const { id, number, html_url, body, user, created_at } = one;
  return { id, number, url: html_url, body: body ?? '', authorId: user?.id ?? 0, createdAt: created_at };
}
