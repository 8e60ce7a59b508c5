/** What people do and see at the local GitHub, through its API. */
import { z } from 'zod';
import type { GitHubAddress } from './start-github.ts';

const user = z.object({ login: z.string(), type: z.string() });
const created_at = z.iso.datetime().transform((text) => Date.parse(text));
const issue = z.object({ number: z.number(), state: z.string(), body: z.string().nullable(), user, created_at });
const comment = z.object({ id: z.number(), body: z.string(), user, created_at });
const pull = z.object({
  number: z.number(),
  state: z.string(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  labels: z.array(z.object({ name: z.string() })),
  assignees: z.array(user),
  requested_reviewers: z.array(user),
});
const created = z.object({ id: z.number() });
const refs = z.array(z.object({ ref: z.string() }));
const file = z.object({ sha: z.string(), content: z.string() });
const reactions = z.array(z.object({ content: z.string() }));

export type IssueSeen = z.infer<typeof issue>;
export type CommentSeen = z.infer<typeof comment>;
export type PullSeen = z.infer<typeof pull>;
export type GitHubDoor = ReturnType<typeof openGitHubDoor>;

const PAGE = 100;

/** As mona. All repositories are of the organization acme. */
export function openGitHubDoor({ url, tokens }: GitHubAddress) {
  async function api(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${url}/api/v3/repos/acme/${path}`, {
      method,
      headers: { authorization: `token ${tokens.mona}`, accept: 'application/vnd.github+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async function all<T>(one: z.ZodType<T>, path: string): Promise<T[]> {
    const found: T[] = [];
    for (let page = 1; ; page += 1) {
      const listed = z.array(one).parse(await api('GET', `${path}per_page=${PAGE}&page=${page}`));
      found.push(...listed);
      if (listed.length < PAGE) return found;
    }
  }

  const readFile = async (repository: string, path: string, ref: string) =>
    file.parse(await api('GET', `${repository}/contents/${path}?ref=${encodeURIComponent(ref)}`));

  return {
    async say(number: number, body: string): Promise<number> {
      return created.parse(await api('POST', `platform/issues/${number}/comments`, { body })).id;
    },
    /** A person changes the base. */
    async commit(repository: string, path: string, text: string): Promise<void> {
      const known = await readFile(repository, path, 'main').catch(() => undefined);
      await api('PUT', `${repository}/contents/${path}`, {
        message: `Change ${path}`,
        content: Buffer.from(text).toString('base64'),
        ...(known === undefined ? {} : { sha: known.sha }),
      });
    },
    issues: () => all(issue, 'platform/issues?state=all&'),
    comments: (number: number) => all(comment, `platform/issues/${number}/comments?`),
    async reactions(commentId: number): Promise<string[]> {
      const listed = reactions.parse(await api('GET', `platform/issues/comments/${commentId}/reactions`));
      return listed.map(({ content }) => content);
    },
    pulls: (repository: string) => all(pull, `${repository}/pulls?state=all&`),
    /** Names of the branches that begin so. */
    async branches(repository: string, prefix: string): Promise<string[]> {
      const listed = refs.parse(await api('GET', `${repository}/git/matching-refs/heads/${prefix}`));
      return listed.map(({ ref }) => ref.replace('refs/heads/', ''));
    },
    async text(repository: string, path: string, ref: string): Promise<string> {
      return Buffer.from((await readFile(repository, path, ref)).content, 'base64').toString('utf8');
    },
  };
}
