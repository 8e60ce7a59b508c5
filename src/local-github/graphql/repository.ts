import { z } from 'zod';
import { mayDo, roleOf } from '../access/permissions.ts';
import { timestamp } from '../render-json/time.ts';
import { nodeId } from '../state/node-id.ts';
import { fullName, isPull, issueByNumber } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { accountFields } from './account.ts';
import { collaboratorsField } from './collaborators.ts';
import { connection, paging } from './connection.ts';
import { fieldError, inaccessible } from './errors.ts';
import { type Fields, type Scope, taking } from './fields.ts';
import { objectFields } from './git-objects.ts';
import { issueFields, issuesArguments, issuesConnection } from './issues.ts';
import { pullFields, pullsArguments, pullsConnection } from './pulls.ts';
import { refFields, refsArguments, refsConnection } from './refs.ts';

const byNumber = z.object({ number: z.number() });

/** @throws GraphQLError FORBIDDEN when the token lacks the permission. */
function demandRead({ context, actor }: Scope, repository: Repository, permission: string): void {
  if (!mayDo(context.state, actor, repository, { permission: [permission], level: 'read' })) throw inaccessible();
}

export function repositoryFields(scope: Scope, repository: Repository): Fields {
  const { state, baseUrl } = scope.context;
  const name = fullName(state, repository);
  const owner = state.accounts.need(repository.ownerId);
  const parent = repository.parentId === null ? undefined : state.repositories.get(repository.parentId);
  return {
    __typename: 'Repository',
    id: nodeId('repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: name,
    url: `${baseUrl}/${name}`,
    resourcePath: `/${name}`,
    description: repository.description,
    homepageUrl: repository.homepage,
    visibility: repository.visibility.toUpperCase(),
    isPrivate: repository.visibility !== 'public',
    isArchived: repository.archived,
    isDisabled: repository.disabled,
    isEmpty: repository.empty,
    isFork: repository.fork,
    isInOrganization: owner.type === 'Organization',
    isLocked: false,
    isMirror: false,
    isTemplate: false,
    hasIssuesEnabled: repository.hasIssues,
    mergeCommitAllowed: repository.allowMergeCommit,
    squashMergeAllowed: repository.allowSquashMerge,
    rebaseMergeAllowed: repository.allowRebaseMerge,
    deleteBranchOnMerge: repository.deleteBranchOnMerge,
    createdAt: timestamp(repository.createdAt),
    updatedAt: timestamp(repository.updatedAt),
    pushedAt: timestamp(repository.pushedAt),
    owner: () => accountFields(scope, owner),
    parent: () => (parent === undefined ? null : scope.repository(parent)),
    viewerPermission: () => viewerPermission(scope, repository),
    repositoryTopics: taking(paging, (page) => topics(repository, page)),
    collaborators: collaboratorsField(scope, repository),
    ...contents(scope, repository),
    ...conversations(scope, repository),
  };
}

function viewerPermission({ context, actor }: Scope, repository: Repository): string | null {
  if (actor.kind !== 'user') return null;
  const role = roleOf(context.state, actor.account, repository);
  return role === 'none' ? null : role.toUpperCase();
}

function topics(repository: Repository, page: z.output<typeof paging>): Fields {
  return connection(repository.topics, page, {
    type: 'RepositoryTopicConnection',
    field: 'repositoryTopics',
    key: (topic) => topic,
    node: (topic) => ({ __typename: 'RepositoryTopic', topic: { __typename: 'Topic', name: topic } }),
  });
}

function contents(scope: Scope, repository: Repository) {
  const reading = (): void => demandRead(scope, repository, 'contents');
  return {
    defaultBranchRef: () => {
      reading();
      return refFields(scope, repository, `refs/heads/${repository.defaultBranch}`);
    },
    ref: taking(z.object({ qualifiedName: z.string() }), ({ qualifiedName }) => {
      reading();
      return refFields(scope, repository, qualifiedName);
    }),
    refs: taking(refsArguments, (args) => {
      reading();
      return refsConnection(scope, repository, args);
    }),
    object: taking(z.object({ expression: z.string().nullish(), oid: z.string().nullish() }), (args) => {
      reading();
      const expression = args.oid ?? args.expression;
      return expression == null || expression.startsWith('-') ? null : objectFields(scope, repository, expression);
    }),
  };
}

function conversations(scope: Scope, repository: Repository) {
  const { state } = scope.context;
  const missing = (kind: string, number: number) =>
    fieldError('NOT_FOUND', `Could not resolve to ${kind} with the number of ${number}.`);
  return {
    issue: taking(byNumber, ({ number }) => {
      demandRead(scope, repository, 'issues');
      const issue = issueByNumber(state, repository.id, number);
      if (issue === undefined || isPull(issue)) throw missing('an Issue', number);
      return issueFields(scope, repository, issue);
    }),
    issues: taking(issuesArguments, (args) => {
      demandRead(scope, repository, 'issues');
      return issuesConnection(scope, repository, args);
    }),
    pullRequest: taking(byNumber, ({ number }) => {
      demandRead(scope, repository, 'pull_requests');
      const issue = issueByNumber(state, repository.id, number);
      if (issue === undefined || !isPull(issue)) throw missing('a PullRequest', number);
      return pullFields(scope, repository, issue);
    }),
    pullRequests: taking(pullsArguments, (args) => {
      demandRead(scope, repository, 'pull_requests');
      return pullsConnection(scope, repository, args);
    }),
    issueOrPullRequest: taking(byNumber, ({ number }) => {
      const issue = issueByNumber(state, repository.id, number);
      if (issue === undefined) throw missing('an issue or pull request', number);
      demandRead(scope, repository, isPull(issue) ? 'pull_requests' : 'issues');
      return isPull(issue) ? pullFields(scope, repository, issue) : issueFields(scope, repository, issue);
    }),
  };
}
