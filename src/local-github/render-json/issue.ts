import { roleIsAtLeast, roleOf } from '../access/permissions.ts';
import type { Context } from '../context.ts';
import { nodeId } from '../state/node-id.ts';
import { commentsOf, fullName, reactionsOf } from '../state/queries.ts';
import type { Comment, Issue, Label, Reaction, ReactionContent, Repository } from '../state/records.ts';
import { renderNullableUser, renderSimpleUser } from './account.ts';
import { renderNullableApp } from './app.ts';
import { nullableTimestamp, timestamp } from './time.ts';

const contents: readonly ReactionContent[] = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

function renderReactionRollup(context: Context, subject: Reaction['subject'], subjectId: number, url: string) {
  const reactions = reactionsOf(context.state, subject, subjectId);
  const count = (content: ReactionContent): number =>
    reactions.filter((reaction) => reaction.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(contents.map((content) => [content, count(content)])),
  };
}

export function renderReaction(context: Context, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('reaction', reaction.id),
    user: renderNullableUser(context, reaction.authorId),
    content: reaction.content,
    created_at: timestamp(reaction.createdAt),
  };
}

export function renderLabel(context: Context, repository: Repository, label: Label) {
  const name = fullName(context.state, repository);
  return {
    id: label.id,
    node_id: nodeId('label', label.id),
    url: `${context.baseUrl}/api/v3/repos/${name}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function renderLabels(context: Context, repository: Repository, labelIds: readonly number[]) {
  return labelIds.flatMap((id) => {
    const label = context.state.labels.get(id);
    return label === undefined ? [] : [renderLabel(context, repository, label)];
  });
}

export function renderAssociation(context: Context, repository: Repository, accountId: number) {
  const account = context.state.accounts.need(accountId);
  const owner = context.state.accounts.need(repository.ownerId);
  if (owner.id === accountId) return 'OWNER';
  if (owner.memberIds.includes(accountId) || owner.ownerIds.includes(accountId)) return 'MEMBER';
  if (account.type === 'Bot') return 'NONE';
  return roleIsAtLeast(roleOf(context.state, account, repository), 'write') ? 'COLLABORATOR' : 'NONE';
}

function issueNodeId(issue: Issue): string {
  return nodeId(issue.pull === null ? 'issue' : 'pull', issue.id);
}

export function issuePage(context: Context, repository: Repository, issue: Issue): string {
  const kind = issue.pull === null ? 'issues' : 'pull';
  return `${context.baseUrl}/${fullName(context.state, repository)}/${kind}/${issue.number}`;
}

export function renderIssue(context: Context, repository: Repository, issue: Issue) {
  const api = `${context.baseUrl}/api/v3/repos/${fullName(context.state, repository)}`;
  const url = `${api}/issues/${issue.number}`;
  const assignees = issue.assigneeIds.map((id) => renderSimpleUser(context, context.state.accounts.need(id)));
  const page = issuePage(context, repository, issue);
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: issueNodeId(issue),
    number: issue.number,
    title: issue.title,
    user: renderNullableUser(context, issue.authorId),
    labels: renderLabels(context, repository, issue.labelIds),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: commentsOf(context.state, issue.id).length,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: nullableTimestamp(issue.closedAt),
    author_association: renderAssociation(context, repository, issue.authorId),
    active_lock_reason: null,
    ...(issue.pull === null
      ? {}
      : {
          draft: issue.pull.draft,
          pull_request: {
            url: `${api}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: nullableTimestamp(issue.pull.mergedAt),
          },
        }),
    body: issue.body,
    reactions: renderReactionRollup(context, 'issue', issue.id, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: renderNullableApp(context, issue.appId),
    state_reason: issue.stateReason,
  };
}

/** With `closed_by`, which only the single issue's answer carries. */
export function renderFullIssue(context: Context, repository: Repository, issue: Issue) {
  return { ...renderIssue(context, repository, issue), closed_by: renderNullableUser(context, issue.closedById) };
}

/** As webhooks carry it: without `closed_by`, and the app without its `client_id`. */
export function renderIssueOfEvent(context: Context, repository: Repository, issue: Issue) {
  const { performed_via_github_app: made, ...rest } = renderIssue(context, repository, issue);
  if (made === null) return { ...rest, performed_via_github_app: null };
  const { client_id: _, ...app } = made;
  return { ...rest, performed_via_github_app: app };
}

export function renderComment(context: Context, repository: Repository, comment: Comment) {
  const issue = context.state.issues.need(comment.issueId);
  const api = `${context.baseUrl}/api/v3/repos/${fullName(context.state, repository)}`;
  const url = `${api}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issuePage(context, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('comment', comment.id),
    user: renderNullableUser(context, comment.authorId),
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    body: comment.body,
    author_association: renderAssociation(context, repository, comment.authorId),
    reactions: renderReactionRollup(context, 'comment', comment.id, url),
    performed_via_github_app: renderNullableApp(context, comment.appId),
  };
}
