import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { GitHubWrites, PullRequest } from '../../../ports/github-writes.ts';
import { parseAnswer, timestamp } from '../answers.ts';
import { mapBounded } from '../bounded.ts';
import { ownerAndRepo } from '../full-name.ts';

const created = z
  .object({ number: z.int(), html_url: z.string() })
  .transform(({ number, html_url }) => ({ number, url: html_url }));

const listed = z.array(
  z.object({
    number: z.int(),
    html_url: z.string(),
    state: z.enum(['open', 'closed']),
    merged_at: z.string().nullable(),
    head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id: z.int() }).nullable() }),
    base: z.object({ ref: z.string() }),
    title: z.string(),
    body: z.string().nullable(),
    created_at: timestamp,
  }),
);
type Listed = z.infer<typeof listed>[number];

const closer = z.object({ closed_by: z.object({ login: z.string(), type: z.string() }).nullish() });

type PullRequestWrites = Pick<GitHubWrites, 'createPullRequest' | 'updatePullRequest' | 'pullRequests'>;

export function pullRequestWrites(octokit: Octokit): PullRequestWrites {
  return {
    async createPullRequest(repository, pull) {
      const route = 'POST /repos/{owner}/{repo}/pulls';
      const { data } = await octokit.request(route, { ...ownerAndRepo(repository), ...pull });
      return parseAnswer(created, data, route);
    },

    async updatePullRequest(repository, number, change) {
      const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
      await octokit.request(route, { ...ownerAndRepo(repository), pull_number: number, ...change });
    },

    /** GitHub ignores a `head` that it cannot read and then lists everything, so the branch is compared here again. */
    async pullRequests(repository, head) {
      const route = 'GET /repos/{owner}/{repo}/pulls';
      const place = ownerAndRepo(repository);
      const pages = octokit.paginate.iterator(route, {
        ...place,
        head: `${place.owner}:${head}`,
        state: 'all',
        sort: 'created',
        direction: 'desc',
        per_page: 100,
      });
      const found: Listed[] = [];
      for await (const { data } of pages) found.push(...parseAnswer(listed, data, route));
      return mapBounded(
        found.filter((pull) => pull.head.ref === head).sort((one, other) => other.number - one.number),
        4,
        async (pull) => describe(pull, await closedBy(octokit, repository, pull)),
      );
    },
  };
}

/** Who closed it is told by the issue behind it alone; asked only where it matters: closed and not merged. */
async function closedBy(octokit: Octokit, repository: string, pull: Listed): Promise<PullRequest['closedBy']> {
  if (pull.state === 'open' || pull.merged_at !== null) return null;
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
  const { data } = await octokit.request(route, { ...ownerAndRepo(repository), issue_number: pull.number });
  const { closed_by } = parseAnswer(closer, data, route);
  return closed_by ? { login: closed_by.login, type: closed_by.type === 'Bot' ? 'Bot' : 'User' } : null;
}

function describe(pull: Listed, closedBy: PullRequest['closedBy']): PullRequest {
  return {
    number: pull.number,
    url: pull.html_url,
    state: pull.state,
    merged: pull.merged_at !== null,
    headRepositoryId: pull.head.repo?.id ?? null,
    headSha: pull.head.sha,
    base: pull.base.ref,
    title: pull.title,
    body: pull.body ?? '',
    createdAt: pull.created_at,
    closedBy,
  };
}
