import type { GitHub } from '../../src/ports/github.ts';
import { GitHubError } from '../../src/ports/github-reads.ts';
import type { FoundText, GitHubWrites, PullRequest } from '../../src/ports/github-writes.ts';

export const BOT_ID = 900;
export const REPOSITORY_ID = 100;

interface Text extends FoundText {
  title: string;
  state: 'open' | 'closed';
  reason: string | null;
  deleted: boolean;
}

/** What happens to the next request: done and answered; refused, limited or lost before it; or done without an answer. */
export type Weather = GitHubError | { lostAfter: GitHubError };

/** A GitHub that keeps what it is told, counts the requests and fails on order. */
export class FakeGitHub {
  readonly requests: string[] = [];
  readonly issues: Text[] = [];
  readonly comments: Text[] = [];
  readonly pulls: PullRequest[] = [];
  readonly reactions: string[] = [];
  /** One entry per request to come. */
  weather: Weather[] = [];
  /** What the lists do not show yet. */
  stale = false;
  /** Called when a request arrives. */
  onRequest: () => Promise<void> = async () => undefined;
  readonly #now: () => number;
  #id = 1_000;

  constructor(now: () => number) {
    this.#now = now;
  }

  get port(): GitHub {
    return {
      writes: () => this.writes,
      reads: () => {
        throw new Error('not read here');
      },
      identity: async () => ({ slug: 'flotilla', botId: BOT_ID, botLogin: 'flotilla[bot]', email: 'x@y' }),
      gitToken: async () => 'token',
      installationOf: async () => 1,
      cloneUrl: (name) => `https://github.com/${name}.git`,
      webUrl: 'https://github.com',
      deliveries: { page: async () => ({ attempts: [], next: null }), askAgain: async () => true },
    };
  }

  get writes(): GitHubWrites {
    return {
      createIssue: (repository, { title, body }) =>
        this.#request('createIssue', () => this.addIssue(repository, title, body, BOT_ID)),
      updateIssue: (_, number, change) =>
        this.#request('updateIssue', () => {
          const issue = this.issue(number);
          if (issue.deleted) throw new GitHubError('refused', 410, 'This issue was deleted');
          const { stateReason, ...rest } = change;
          Object.assign(issue, rest, stateReason === undefined ? {} : { reason: stateReason });
          return { id: issue.id, number, url: issue.url };
        }),
      createComment: (repository, number, body) =>
        this.#request('createComment', () => {
          const comment = this.#text(repository, number, '', body, BOT_ID);
          this.comments.push(comment);
          return { id: comment.id, url: comment.url };
        }),
      updateComment: (_, id, body) =>
        this.#request('updateComment', () => {
          const comment = this.comments.find((one) => one.id === id);
          if (comment === undefined) throw new GitHubError('refused', 404, 'Not Found');
          comment.body = body;
          return { id, url: comment.url };
        }),
      deleteComment: (_, id) =>
        this.#request('deleteComment', () => {
          const index = this.comments.findIndex((one) => one.id === id);
          if (index !== -1) this.comments.splice(index, 1);
        }),
      addReaction: (_, commentId, reaction) =>
        this.#request('addReaction', () => void this.reactions.push(`${commentId} ${reaction}`)),
      createPullRequest: (repository, { title, body, head, base }) =>
        this.#request('createPullRequest', () => {
          if (this.pulls.some((pull) => pull.state === 'open' && pull.base === base)) {
            throw new GitHubError('refused', 422, `A pull request already exists for acme:${head}.`);
          }
          return this.addPull(repository, { title, body, base });
        }),
      updatePullRequest: () => this.#request('updatePullRequest', () => undefined),
      addLabels: () => this.#request('addLabels', () => undefined),
      addAssignees: () => this.#request('addAssignees', () => undefined),
      requestReviewers: () => this.#request('requestReviewers', () => undefined),
      commitFiles: async () => ({ sha: '' }),
      issuesSince: (_, since) => this.#request('issuesSince', () => this.#listed(this.issues, since)),
      commentsSince: (_, number, since) =>
        this.#request('commentsSince', () => this.#listed(this.comments, since).filter((one) => one.number === number)),
      pullRequests: () => this.#request('pullRequests', () => (this.stale ? [] : this.pulls.toReversed())),
      branchHead: async () => undefined,
      deleteBranch: async () => undefined,
    };
  }

  issue(number: number): Text {
    const found = this.issues.find((issue) => issue.number === number);
    if (found === undefined) throw new GitHubError('refused', 404, 'Not Found');
    return found;
  }

  count(request: string): number {
    return this.requests.filter((one) => one === request).length;
  }

  addIssue(repository: string, title: string, body: string, authorId: number): Text {
    const issue = this.#text(repository, this.issues.length + 1, title, body, authorId);
    this.issues.push(issue);
    return issue;
  }

  addPull(repository: string, change: Partial<PullRequest>): PullRequest {
    const number = this.pulls.length + 1;
    const pull: PullRequest = {
      number,
      url: `https://github.com/${repository}/pull/${number}`,
      state: 'open',
      merged: false,
      headRepositoryId: REPOSITORY_ID,
      headSha: '',
      base: 'main',
      title: '',
      body: '',
      createdAt: this.#now(),
      closedBy: null,
      ...change,
    };
    this.pulls.push(pull);
    return pull;
  }

  #text(repository: string, number: number, title: string, body: string, authorId: number): Text {
    this.#id += 1;
    const url = `https://github.com/${repository}/issues/${number}`;
    const createdAt = this.#now();
    return { id: this.#id, number, url, title, body, authorId, createdAt, state: 'open', reason: null, deleted: false };
  }

  #listed(texts: readonly Text[], since: number): Text[] {
    return this.stale ? [] : texts.filter((text) => !text.deleted && text.createdAt >= since).toReversed();
  }

  async #request<T>(name: string, happen: () => T): Promise<T> {
    this.requests.push(name);
    await this.onRequest();
    const weather = this.weather.shift();
    if (weather instanceof GitHubError) throw weather;
    const result = happen();
    if (weather !== undefined) throw weather.lostAfter;
    return result;
  }
}

export const noAnswer = (): GitHubError => new GitHubError('unknown', 502, 'Bad Gateway');
export const refusal = (): GitHubError => new GitHubError('refused', 422, 'Validation Failed');
export const limit = (retryAt: number): GitHubError => new GitHubError('limited', 403, 'secondary limit', { retryAt });
