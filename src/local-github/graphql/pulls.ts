import { z } from 'zod';
import { listCommits } from '../git/commits.ts';
import { nullableTimestamp } from '../render-json/time.ts';
import { nodeId } from '../state/node-id.ts';
import { pullsOf } from '../state/queries.ts';
import type { Pull, Repository } from '../state/records.ts';
import { accountFields } from './account.ts';
import { connection, paging } from './connection.ts';
import { type Fields, type Scope, taking } from './fields.ts';
import { commitFields, objectFields } from './git-objects.ts';
import { carries, conversationFields, databaseIds } from './issues.ts';
import { refFields } from './refs.ts';

type PullState = 'OPEN' | 'CLOSED' | 'MERGED';

function stateOf(pull: Pull): PullState {
  if (pull.pull.mergedAt !== null) return 'MERGED';
  return pull.state === 'open' ? 'OPEN' : 'CLOSED';
}

export function pullFields(scope: Scope, repository: Repository, issue: Pull): Fields {
  const { state } = scope.context;
  const { pull } = issue;
  const head = state.repositories.get(pull.headRepositoryId);
  return {
    __typename: 'PullRequest',
    ...databaseIds(pull.id),
    id: nodeId('pull', issue.id),
    ...conversationFields(scope, repository, issue, 'pull'),
    state: stateOf(issue),
    isDraft: pull.draft,
    isCrossRepository: pull.headRepositoryId !== repository.id,
    maintainerCanModify: pull.maintainerCanModify,
    merged: pull.mergedAt !== null,
    mergedAt: nullableTimestamp(pull.mergedAt),
    mergedBy: () => (pull.mergedById === null ? null : accountFields(scope, state.accounts.need(pull.mergedById))),
    mergeCommit: () => (pull.mergeCommitSha === null ? null : objectFields(scope, repository, pull.mergeCommitSha)),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    headRef: () => (head === undefined ? null : refFields(scope, head, `refs/heads/${pull.headRef}`)),
    baseRef: () => refFields(scope, repository, `refs/heads/${pull.baseRef}`),
    headRepository: () => (head === undefined ? null : scope.repository(head)),
    headRepositoryOwner: () => (head === undefined ? null : accountFields(scope, state.accounts.need(head.ownerId))),
    baseRepository: () => scope.repository(repository),
    commits: taking(paging, async (page) => {
      const revisions = [pull.headSha, `^${pull.baseSha}`];
      const commits = await listCommits(state.gitDirectory(repository.id), revisions, { order: 'oldest' });
      return connection(commits, page, {
        type: 'PullRequestCommitConnection',
        field: 'commits',
        key: (commit) => commit.sha,
        node: (commit) => ({
          __typename: 'PullRequestCommit',
          commit: () => commitFields(scope, repository, commit),
        }),
      });
    }),
  };
}

export const pullsArguments = paging.extend({
  headRefName: z.string().nullish(),
  baseRefName: z.string().nullish(),
  states: z.array(z.enum(['OPEN', 'CLOSED', 'MERGED'])).nullish(),
  labels: z.array(z.string()).nullish(),
  orderBy: z
    .object({ field: z.enum(['CREATED_AT', 'UPDATED_AT', 'COMMENTS']), direction: z.enum(['ASC', 'DESC']) })
    .nullish(),
});

export function pullsConnection(scope: Scope, repository: Repository, args: z.output<typeof pullsArguments>): Fields {
  const found = pullsOf(scope.context.state, repository.id)
    .filter((issue) => args.headRefName == null || issue.pull.headRef === args.headRefName)
    .filter((issue) => args.baseRefName == null || issue.pull.baseRef === args.baseRefName)
    .filter((issue) => args.states == null || args.states.includes(stateOf(issue)))
    .filter((issue) => carries(scope, issue, args.labels));
  return connection(ordered(scope, found, args.orderBy), args, {
    type: 'PullRequestConnection',
    field: 'pullRequests',
    key: (issue) => issue.id,
    node: (issue) => pullFields(scope, repository, issue),
  });
}

function ordered(scope: Scope, pulls: readonly Pull[], order: z.output<typeof pullsArguments>['orderBy']): Pull[] {
  if (order == null) return [...pulls];
  const comments = (issue: Pull): number =>
    scope.context.state.comments.where((comment) => comment.issueId === issue.id).length;
  const value = (issue: Pull): number => {
    switch (order.field) {
      case 'CREATED_AT':
        return issue.createdAt;
      case 'UPDATED_AT':
        return issue.updatedAt;
      case 'COMMENTS':
        return comments(issue);
    }
  };
  const sign = order.direction === 'ASC' ? 1 : -1;
  return [...pulls].sort((a, b) => sign * (value(a) - value(b) || a.id - b.id));
}
