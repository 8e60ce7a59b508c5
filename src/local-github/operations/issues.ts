import { roleIsAtLeast, roleOf } from '../access/permissions.ts';
import type { Author } from '../actor.ts';
import { ApiError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { renderIssueOfEvent } from '../render-json/issue.ts';
import { accountByLogin } from '../state/queries.ts';
import type { Issue, Repository } from '../state/records.ts';
import { announce } from './announce.ts';
import { checkText } from './check-text.ts';
import { labelIds } from './labels.ts';

export interface NewIssue {
  title: string;
  body?: string | null;
  labels?: readonly string[];
  assignees?: readonly string[];
}

/** @throws ApiError 422, 410 where issues are disabled */
export function createIssue(context: Context, author: Author, repository: Repository, written: NewIssue): Issue {
  refuseWithoutIssues(repository);
  checkText('Issue', written);
  const issue = insertIssue(context, author, repository, {
    title: written.title,
    body: written.body ?? null,
    labelIds: labelIds(context, repository, written.labels ?? []),
    assigneeIds: assigneeIds(context, repository, written.assignees ?? []),
    pull: null,
  });
  announceIssue(context, author, repository, issue, 'opened');
  return issue;
}

export function refuseWithoutIssues(repository: Repository): void {
  if (!repository.hasIssues) throw new ApiError(410, 'Issues has been disabled in this repository.');
}

/** Takes the repository's next number. No webhook: issues and pull requests announce themselves differently. */
export function insertIssue(
  context: Context,
  author: Author,
  repository: Repository,
  part: Pick<Issue, 'title' | 'body' | 'labelIds' | 'assigneeIds' | 'pull'>,
): Issue {
  const now = context.now();
  const number = context.state.repositories.need(repository.id).nextNumber;
  context.state.repositories.update(repository.id, { nextNumber: number + 1 });
  return context.state.issues.insert({
    ...part,
    id: context.state.nextId('issue'),
    repositoryId: repository.id,
    number,
    state: 'open',
    stateReason: null,
    locked: false,
    authorId: author.account.id,
    appId: author.app?.id ?? null,
    closedAt: null,
    closedById: null,
    createdAt: now,
    updatedAt: now,
  });
}

export interface IssueChanges {
  title?: string;
  body?: string | null;
  state?: 'open' | 'closed';
  stateReason?: Issue['stateReason'];
  labels?: readonly string[];
  assignees?: readonly string[];
}

/** For issues; pull requests go through `editPull`. @throws ApiError 422 */
export function editIssue(
  context: Context,
  author: Author,
  repository: Repository,
  before: Issue,
  changes: IssueChanges,
): Issue {
  checkText('Issue', changes);
  const issue = context.state.issues.update(before.id, {
    ...textChanges(context, repository, changes),
    ...stateChanges(context, author, before, changes),
    updatedAt: context.now(),
  });
  const edits = describeEdits(before, issue);
  if (edits !== undefined) announceIssue(context, author, repository, issue, 'edited', { changes: edits });
  if (before.state !== issue.state) {
    announceIssue(context, author, repository, issue, issue.state === 'closed' ? 'closed' : 'reopened');
  }
  return issue;
}

export function textChanges(context: Context, repository: Repository, changes: IssueChanges): Partial<Issue> {
  return {
    ...(changes.title === undefined ? {} : { title: changes.title }),
    ...(changes.body === undefined ? {} : { body: changes.body }),
    ...(changes.labels === undefined ? {} : { labelIds: labelIds(context, repository, changes.labels) }),
    ...(changes.assignees === undefined ? {} : { assigneeIds: assigneeIds(context, repository, changes.assignees) }),
  };
}

function stateChanges(context: Context, author: Author, before: Issue, changes: IssueChanges): Partial<Issue> {
  if (changes.state === undefined || changes.state === before.state) {
    return changes.stateReason === undefined || before.state === 'open' ? {} : { stateReason: changes.stateReason };
  }
  return changes.state === 'closed'
    ? {
        state: 'closed',
        stateReason: changes.stateReason ?? 'completed',
        closedAt: context.now(),
        closedById: author.account.id,
      }
    : { state: 'open', stateReason: 'reopened', closedAt: null, closedById: null };
}

/** The `changes` object of an `edited` webhook; undefined when neither title nor body changed. */
export function describeEdits(before: Issue, after: Issue): Record<string, { from: string }> | undefined {
  const changes = {
    ...(before.title === after.title ? {} : { title: { from: before.title } }),
    ...(before.body === after.body ? {} : { body: { from: before.body ?? '' } }),
  };
  return Object.keys(changes).length === 0 ? undefined : changes;
}

/** Only people who can push may be assigned; others are ignored, as GitHub does on issues. */
export function assigneeIds(context: Context, repository: Repository, logins: readonly string[]): number[] {
  return logins.flatMap((login) => {
    const account = accountByLogin(context.state, login);
    if (account === undefined) {
      throw validationFailed({ resource: 'Issue', field: 'assignees', code: 'invalid', value: login });
    }
    return roleIsAtLeast(roleOf(context.state, account, repository), 'triage') ? [account.id] : [];
  });
}

/** One webhook of the `issues` event. */
export function announceIssue(
  context: Context,
  author: Author,
  repository: Repository,
  issue: Issue,
  action: 'opened' | 'edited' | 'closed' | 'reopened' | 'deleted',
  more: Readonly<Record<string, unknown>> = {},
): void {
  announce(context, author, repository, 'issues', action, {
    ...more,
    issue: renderIssueOfEvent(context, repository, issue),
  });
}
