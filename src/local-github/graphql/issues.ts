import { z } from 'zod';
import { nullableTimestamp, timestamp } from '../render-json/time.ts';
import { nodeId } from '../state/node-id.ts';
import { commentsOf, fullName, isPull, issuesOf } from '../state/queries.ts';
import type { Comment, Issue, Repository } from '../state/records.ts';
import { accountFields } from './account.ts';
import { connection, paging } from './connection.ts';
import { type Fields, type Scope, taking } from './fields.ts';

/** GraphQL's Int ends at 2³¹-1; GitHub answers null above and has `fullDatabaseId` for it. */
export function databaseIds(id: number) {
  return { databaseId: id > 2_147_483_647 ? null : id, fullDatabaseId: String(id) };
}

/** What issues and pull requests have in common. */
export function conversationFields(scope: Scope, repository: Repository, issue: Issue, kind: 'issues' | 'pull') {
  const { baseUrl, state } = scope.context;
  const path = `/${fullName(state, repository)}/${kind}/${issue.number}`;
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    bodyText: issue.body ?? '',
    url: `${baseUrl}${path}`,
    resourcePath: path,
    locked: issue.locked,
    closed: issue.state === 'closed',
    closedAt: nullableTimestamp(issue.closedAt),
    createdAt: timestamp(issue.createdAt),
    updatedAt: timestamp(issue.updatedAt),
    author: () => accountFields(scope, state.accounts.need(issue.authorId)),
    repository: () => scope.repository(repository),
    labels: taking(paging, (page) =>
      connection(
        issue.labelIds.map((id) => state.labels.need(id)),
        page,
        {
          type: 'LabelConnection',
          field: 'labels',
          key: (label) => label.id,
          node: (label) => ({
            __typename: 'Label',
            id: nodeId('label', label.id),
            name: label.name,
            color: label.color,
            description: label.description,
          }),
        },
      ),
    ),
    assignees: taking(paging, (page) =>
      connection(
        issue.assigneeIds.map((id) => state.accounts.need(id)),
        page,
        {
          type: 'UserConnection',
          field: 'assignees',
          key: (account) => account.id,
          node: (account) => accountFields(scope, account),
        },
      ),
    ),
    comments: taking(paging, (page) =>
      connection(commentsOf(state, issue.id), page, {
        type: 'IssueCommentConnection',
        field: 'comments',
        key: (comment) => comment.id,
        node: (comment) => commentFields(scope, repository, comment, path),
      }),
    ),
  };
}

function commentFields(scope: Scope, repository: Repository, comment: Comment, path: string): Fields {
  const { baseUrl, state } = scope.context;
  return {
    __typename: 'IssueComment',
    ...databaseIds(comment.id),
    id: nodeId('comment', comment.id),
    body: comment.body,
    bodyText: comment.body,
    url: `${baseUrl}${path}#issuecomment-${comment.id}`,
    createdAt: timestamp(comment.createdAt),
    updatedAt: timestamp(comment.updatedAt),
    author: () => accountFields(scope, state.accounts.need(comment.authorId)),
    repository: () => scope.repository(repository),
  };
}

export function issueFields(scope: Scope, repository: Repository, issue: Issue): Fields {
  return {
    __typename: 'Issue',
    ...databaseIds(issue.id),
    id: nodeId('issue', issue.id),
    ...conversationFields(scope, repository, issue, 'issues'),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
  };
}

export const issuesArguments = paging.extend({
  states: z.array(z.enum(['OPEN', 'CLOSED'])).nullish(),
  labels: z.array(z.string()).nullish(),
});

export function issuesConnection(scope: Scope, repository: Repository, args: z.output<typeof issuesArguments>): Fields {
  const { state } = scope.context;
  const found = issuesOf(state, repository.id)
    .filter((issue) => !isPull(issue))
    .filter((issue) => args.states == null || args.states.some((wanted) => wanted.toLowerCase() === issue.state))
    .filter((issue) => carries(scope, issue, args.labels));
  return connection(found, args, {
    type: 'IssueConnection',
    field: 'issues',
    key: (issue) => issue.id,
    node: (issue) => issueFields(scope, repository, issue),
  });
}

/** Whether an issue has one of the labels; null and no labels ask for none. */
export function carries({ context }: Scope, issue: Issue, labels: readonly string[] | null | undefined): boolean {
  if (labels == null || labels.length === 0) return true;
  const own = issue.labelIds.map((id) => context.state.labels.need(id).name.toLowerCase());
  return labels.some((label) => own.includes(label.toLowerCase()));
}
