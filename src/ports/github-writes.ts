/** Creating and editing on GitHub, and the looks that find what an unanswered request did. Throws GitHubError. */

interface CreatedIssue {
  id: number;
  number: number;
  url: string;
}

export interface FoundText {
  id: number;
  /** Of an issue; for comments the issue's. */
  number: number;
  url: string;
  body: string;
  authorId: number;
  /** Epoch milliseconds. */
  createdAt: number;
}

export interface PullRequest {
  number: number;
  url: string;
  state: 'open' | 'closed';
  merged: boolean;
  /** Null when the head's repository was deleted. */
  headRepositoryId: number | null;
  headSha: string;
  base: string;
  title: string;
  body: string;
  /** Epoch milliseconds. */
  createdAt: number;
  /** Login of who closed it, by the issue behind it; null while open or unknown. */
  closedBy: { login: string; type: 'User' | 'Bot' } | null;
}

type Reaction = 'eyes' | 'rocket' | 'confused';

/** A file of a commit that GitHub makes; content null deletes it. */
export interface CommitFile {
  path: string;
  mode: '100644' | '100755' | '120000';
  content: Uint8Array | null;
}

export interface ApiCommit {
  repository: string;
  branch: string;
  /** The frozen base commit. */
  baseSha: string;
  baseBranch: string;
  /** Head that the branch must have now; null: the branch must not exist. */
  expected: string | null;
  message: string;
  files: readonly CommitFile[];
}

export interface GitHubWrites {
  createIssue(repository: string, issue: { title: string; body: string }): Promise<CreatedIssue>;
  updateIssue(
    repository: string,
    number: number,
    change: { title?: string; body?: string; state?: 'open' | 'closed'; stateReason?: 'completed' | 'not_planned' },
  ): Promise<CreatedIssue>;
  createComment(repository: string, issueNumber: number, body: string): Promise<{ id: number; url: string }>;
  updateComment(repository: string, commentId: number, body: string): Promise<{ id: number; url: string }>;
  /** One that is already gone counts as deleted. */
  deleteComment(repository: string, commentId: number): Promise<void>;
  addReaction(repository: string, commentId: number, reaction: Reaction): Promise<void>;
  createPullRequest(
    repository: string,
    pull: { title: string; body: string; head: string; base: string; draft: boolean },
  ): Promise<{ number: number; url: string }>;
  updatePullRequest(
    repository: string,
    number: number,
    change: { title?: string; body?: string; state?: 'closed' },
  ): Promise<void>;
  addLabels(repository: string, number: number, labels: readonly string[]): Promise<void>;
  addAssignees(repository: string, number: number, assignees: readonly string[]): Promise<void>;
  /** `team:<slug>` asks a team, everything else is a login. */
  requestReviewers(repository: string, number: number, reviewers: readonly string[]): Promise<void>;
  /**
   * One commit made by GitHub itself, so that it shows it as Verified, and the branch moved to it, never by force.
   * `beforeMove` gets the commit's sha before the branch moves, so that the push is recorded first.
   * Returns the new head's sha. Opens no pull request.
   */
  commitFiles(commit: ApiCommit, beforeMove?: (sha: string) => Promise<void>): Promise<{ sha: string }>;

  /** Issues in any state written since, newest first, every page. */
  issuesSince(repository: string, since: number): Promise<FoundText[]>;
  /** Comments of one issue since, every page. */
  commentsSince(repository: string, issueNumber: number, since: number): Promise<FoundText[]>;
  /** Pull requests of this branch in any state, newest first. `head` is the branch; its owner is the repository's. */
  pullRequests(repository: string, head: string): Promise<PullRequest[]>;
  /** Sha of a branch's head; undefined when there is no such branch. */
  branchHead(repository: string, branch: string): Promise<string | undefined>;
  deleteBranch(repository: string, branch: string): Promise<void>;
}

/** The app's own bot account: what it wrote is recognized by this id. */
export interface AppIdentity {
  slug: string;
  botId: number;
  /** `slug[bot]` */
  botLogin: string;
  /** Address for commits, as GitHub's own bots have it. */
  email: string;
}
