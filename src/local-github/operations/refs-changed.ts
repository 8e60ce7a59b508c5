import type { Author } from '../actor.ts';
import type { Context } from '../context.ts';
import { type Commit, listCommits } from '../git/commits.ts';
import { changedPaths } from '../git/diff.ts';
import { isAncestor, mergeBase, moveRef, zeroSha } from '../git/refs.ts';
import { runGit } from '../git/run-git.ts';
import { accountOfPerson } from '../render-json/commit.ts';
import { fullName, isPull } from '../state/queries.ts';
import type { Pull, Repository } from '../state/records.ts';
import { announce } from './announce.ts';
import { announcePull, updatePull } from './edit-pull.ts';

export interface RefChange {
  /** Full name, `refs/heads/...`. */
  ref: string;
  /** null: did not exist. */
  before: string | null;
  /** null: deleted. */
  after: string | null;
}

/** What follows when refs have moved, by git or by the API: pull requests follow their branches, webhooks go out. */
export async function refsChanged(
  context: Context,
  author: Author,
  repository: Repository,
  changes: readonly RefChange[],
): Promise<void> {
  const branches = changes.filter(({ ref }) => ref.startsWith('refs/heads/'));
  if (changes.length > 0) {
    const now = context.now();
    const filled = branches.some(({ after }) => after !== null);
    context.state.repositories.update(repository.id, {
      pushedAt: now,
      updatedAt: now,
      ...(filled ? { empty: false } : {}),
    });
  }
  for (const change of changes) await announcePush(context, author, repository, change);
  for (const change of branches) await followBranch(context, author, repository, change);
}

async function followBranch(
  context: Context,
  author: Author,
  repository: Repository,
  { ref, before, after }: RefChange,
): Promise<void> {
  const branch = ref.slice('refs/heads/'.length);
  const open = context.state.issues.where((issue) => issue.state === 'open').filter(isPull);
  for (const issue of open) {
    const target = context.state.repositories.need(issue.repositoryId);
    const { pull } = issue;
    if (pull.headRepositoryId === repository.id && pull.headRef === branch) {
      if (after === null) await closePull(context, author, target, issue);
      else await moveHead(context, author, target, issue, before, after);
    } else if (issue.repositoryId === repository.id && pull.baseRef === branch) {
      if (after === null) await closePull(context, author, target, issue);
      else await moveBase(context, author, target, issue, after);
    }
  }
}

async function moveHead(
  context: Context,
  author: Author,
  target: Repository,
  issue: Pull,
  before: string | null,
  after: string,
): Promise<void> {
  const directory = context.state.gitDirectory(target.id);
  if (issue.pull.headRepositoryId !== target.id) {
    const source = context.state.gitDirectory(issue.pull.headRepositoryId);
    const ref = `refs/heads/${issue.pull.headRef}`;
    await runGit(directory, ['fetch', '-q', '--no-write-fetch-head', '--no-tags', source, ref]);
  }
  await moveRef(directory, `refs/pull/${issue.number}/head`, after, issue.pull.headSha);
  const moved = updatePull(context, issue, {}, { headSha: after });
  if ((await mergeBase(directory, after, moved.pull.baseSha)) === after) {
    await closePull(context, author, target, moved);
    return;
  }
  await announcePull(context, author, target, moved, 'synchronize', { before: before ?? zeroSha, after });
}

async function moveBase(
  context: Context,
  author: Author,
  target: Repository,
  issue: Pull,
  after: string,
): Promise<void> {
  const directory = context.state.gitDirectory(target.id);
  if ((await mergeBase(directory, issue.pull.headSha, after)) !== issue.pull.headSha) {
    updatePull(context, issue, {}, { baseSha: after });
    return;
  }
  await closeMerged(context, author, target, issue, after);
}

/** Marks merged and closed; the base stays where it was before, as the difference is shown against it. */
export async function closeMerged(
  context: Context,
  author: Author,
  target: Repository,
  issue: Pull,
  mergeCommitSha: string,
): Promise<Pull> {
  const now = context.now();
  const merged = updatePull(
    context,
    issue,
    { state: 'closed', closedAt: now, closedById: author.account.id },
    { mergedAt: now, mergedById: author.account.id, mergeCommitSha },
  );
  await announcePull(context, author, target, merged, 'closed');
  return merged;
}

async function closePull(context: Context, author: Author, target: Repository, issue: Pull): Promise<void> {
  const closed = updatePull(context, issue, {
    state: 'closed',
    closedAt: context.now(),
    closedById: author.account.id,
  });
  await announcePull(context, author, target, closed, 'closed');
}

async function announcePush(
  context: Context,
  author: Author,
  repository: Repository,
  { ref, before, after }: RefChange,
): Promise<void> {
  const directory = context.state.gitDirectory(repository.id);
  const page = `${context.baseUrl}/${fullName(context.state, repository)}`;
  const wanted = after === null ? [] : before === null ? [after] : [after, `^${before}`];
  // GitHub lists at most 2,048 commits of a push; twenty tell the story here.
  const commits = wanted.length === 0 ? [] : (await listCommits(directory, wanted, { max: 20 })).reverse();
  const rendered = await Promise.all(commits.map((commit) => renderPushCommit(context, directory, page, commit)));
  const address = `${author.account.id}+${author.account.login}@users.noreply.github.com`;
  announce(context, author, context.state.repositories.need(repository.id), 'push', null, {
    ref,
    before: before ?? zeroSha,
    after: after ?? zeroSha,
    base_ref: null,
    created: before === null,
    deleted: after === null,
    forced: before !== null && after !== null && !(await isAncestor(directory, before, after)),
    compare: `${page}/compare/${(before ?? zeroSha).slice(0, 12)}...${(after ?? zeroSha).slice(0, 12)}`,
    commits: rendered,
    head_commit: rendered.at(-1) ?? null,
    pusher: { name: author.account.login, email: address },
  });
}

async function renderPushCommit(context: Context, directory: string, page: string, commit: Commit) {
  const parent = commit.parents[0];
  const person = (who: Commit['author']) => {
    const account = accountOfPerson(context, who);
    return { name: who.name, email: who.email, date: who.date, ...(account ? { username: account.login } : {}) };
  };
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${page}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: [],
    removed: [],
    modified: parent === undefined ? [] : await changedPaths(directory, parent, commit.sha),
  };
}
