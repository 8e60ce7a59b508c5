import type { Context } from '../context.ts';
import { countCommits } from '../git/commits.ts';
import { diffSummary } from '../git/diff.ts';
import { canMerge } from '../git/merge.ts';
import { mergeBase, resolveCommit } from '../git/refs.ts';
import { nodeId } from '../state/node-id.ts';
import { fullName } from '../state/queries.ts';
import type { Pull, Repository } from '../state/records.ts';
import { renderNullableUser, renderSimpleUser } from './account.ts';
import { issuePage, renderAssociation, renderLabels } from './issue.ts';
import { renderRepository } from './repository.ts';
import { nullableTimestamp, timestamp } from './time.ts';

/** The pull request object of lists. */
export function renderSimplePull(context: Context, repository: Repository, issue: Pull) {
  const { pull } = issue;
  const api = `${context.baseUrl}/api/v3/repos/${fullName(context.state, repository)}`;
  const url = `${api}/pulls/${issue.number}`;
  const issueUrl = `${api}/issues/${issue.number}`;
  const page = issuePage(context, repository, issue);
  const assignees = issue.assigneeIds.map((id) => renderSimpleUser(context, context.state.accounts.need(id)));
  const statuses = `${api}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('pull', issue.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: renderSimpleUser(context, context.state.accounts.need(issue.authorId)),
    body: issue.body,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: nullableTimestamp(issue.closedAt),
    merged_at: nullableTimestamp(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewerIds.map((id) =>
      renderSimpleUser(context, context.state.accounts.need(id)),
    ),
    requested_teams: [],
    labels: renderLabels(context, repository, issue.labelIds),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: renderSide(context, pull.headRepositoryId, pull.headRef, pull.headSha),
    base: renderSide(context, repository.id, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: renderAssociation(context, repository, issue.authorId),
    auto_merge: null,
    active_lock_reason: null,
  };
}

function renderSide(context: Context, repositoryId: number, ref: string, sha: string) {
  const repository = context.state.repositories.need(repositoryId);
  const owner = context.state.accounts.need(repository.ownerId);
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: renderSimpleUser(context, owner),
    repo: renderRepository(context, repository),
  };
}

/** The pull request object of single answers and of webhooks: with counts and mergeability, from git. */
export async function renderPull(context: Context, repository: Repository, issue: Pull) {
  const { pull } = issue;
  const directory = context.state.gitDirectory(repository.id);
  const base = (await resolveCommit(directory, pull.baseSha)) ?? pull.headSha;
  const from = (await mergeBase(directory, base, pull.headSha)) ?? base;
  const [files, commits, mergeable] = await Promise.all([
    diffSummary(directory, from, pull.headSha),
    countCommits(directory, base, pull.headSha),
    pull.mergedAt === null ? canMerge(directory, base, pull.headSha) : null,
  ]);
  return {
    ...renderSimplePull(context, repository, issue),
    merged: pull.mergedAt !== null,
    mergeable: issue.state === 'open' ? mergeable : null,
    rebaseable: issue.state === 'open' ? mergeable : null,
    mergeable_state: issue.state !== 'open' ? 'unknown' : mergeable ? 'clean' : 'dirty',
    merged_by: renderNullableUser(context, pull.mergedById),
    comments: context.state.comments.where((comment) => comment.issueId === issue.id).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}
