import { roleOf } from '../access/permissions.ts';
import type { Author } from '../actor.ts';
import { ApiError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { branchTip } from '../git/refs.ts';
import { renderPull } from '../render-json/pull.ts';
import { accountByLogin, isPull, pullsOf } from '../state/queries.ts';
import type { Issue, Pull, Repository } from '../state/records.ts';
import { announce } from './announce.ts';
import { checkText } from './check-text.ts';
import { describeEdits, type IssueChanges, textChanges } from './issues.ts';

export interface PullChanges extends IssueChanges {
  base?: string;
  draft?: boolean;
  maintainerCanModify?: boolean;
}

/** Replaces parts of a pull request's record and reads it back. */
export function updatePull(
  context: Context,
  pull: Pull,
  changes: Partial<Issue>,
  part: Partial<Pull['pull']> = {},
): Pull {
  const now = context.state.issues.need(pull.id);
  const issue = context.state.issues.update(pull.id, {
    ...changes,
    ...(now.pull === null ? {} : { pull: { ...now.pull, ...part } }),
    updatedAt: context.now(),
  });
  if (!isPull(issue)) throw new Error(`#${issue.number} is no pull request`);
  return issue;
}

export async function announcePull(
  context: Context,
  author: Author,
  repository: Repository,
  issue: Pull,
  action: 'opened' | 'edited' | 'closed' | 'reopened' | 'synchronize' | 'ready_for_review' | 'converted_to_draft',
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  announce(context, author, repository, 'pull_request', action, {
    number: issue.number,
    ...more,
    pull_request: await renderPull(context, repository, issue),
  });
}

/** @throws ApiError 422 for texts, an unknown base, or a state that cannot be reached (merged, branch gone) */
export async function editPull(
  context: Context,
  author: Author,
  repository: Repository,
  before: Pull,
  changes: PullChanges,
): Promise<Pull> {
  checkText('PullRequest', changes);
  const directory = context.state.gitDirectory(repository.id);
  const baseSha = changes.base === undefined ? undefined : await branchTip(directory, changes.base);
  if (changes.base !== undefined && baseSha === undefined) {
    throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  }
  if (changes.state === 'open' && before.state === 'closed') await refuseReopening(context, before);
  const closing = changes.state === 'closed' && before.state === 'open';
  const issue = updatePull(
    context,
    before,
    {
      ...textChanges(context, repository, changes),
      ...(changes.state === undefined ? {} : { state: changes.state }),
      ...(closing ? { closedAt: context.now(), closedById: author.account.id } : {}),
      ...(changes.state === 'open' ? { closedAt: null, closedById: null } : {}),
    },
    {
      ...(changes.base === undefined || baseSha === undefined ? {} : { baseRef: changes.base, baseSha }),
      ...(changes.draft === undefined ? {} : { draft: changes.draft }),
      ...(changes.maintainerCanModify === undefined ? {} : { maintainerCanModify: changes.maintainerCanModify }),
    },
  );
  const edits = describeEdits(before, issue);
  if (edits !== undefined) await announcePull(context, author, repository, issue, 'edited', { changes: edits });
  if (before.state !== issue.state) {
    await announcePull(context, author, repository, issue, issue.state === 'closed' ? 'closed' : 'reopened');
  }
  if (before.pull.draft !== issue.pull.draft) {
    const action = issue.pull.draft ? 'converted_to_draft' : 'ready_for_review';
    await announcePull(context, author, repository, issue, action);
  }
  return issue;
}

async function refuseReopening(context: Context, before: Pull): Promise<void> {
  const refused = (message: string): ApiError =>
    validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid', message });
  if (before.pull.mergedAt !== null) throw refused('state cannot be changed. The pull request was merged.');
  const head = await branchTip(context.state.gitDirectory(before.pull.headRepositoryId), before.pull.headRef);
  if (head === undefined) {
    throw refused(`state cannot be changed. The ${before.pull.headRef} branch has been deleted.`);
  }
  const twin = pullsOf(context.state, before.repositoryId).some(
    ({ id, state, pull }) =>
      id !== before.id &&
      state === 'open' &&
      pull.headRepositoryId === before.pull.headRepositoryId &&
      pull.headRef === before.pull.headRef &&
      pull.baseRef === before.pull.baseRef,
  );
  if (twin) throw refused('state cannot be changed. There is already an open pull request for this branch.');
  updatePull(context, before, {}, { headSha: head });
}

/** @throws ApiError 422 for the author, and for people who are no collaborators */
export function requestReviewers(
  context: Context,
  repository: Repository,
  issue: Pull,
  logins: readonly string[],
  teams: readonly string[],
): Pull {
  const ids = logins.map((login) => {
    const account = accountByLogin(context.state, login);
    if (account?.id === issue.authorId) throw new ApiError(422, 'Review cannot be requested from pull request author.');
    if (account === undefined || roleOf(context.state, account, repository) === 'none') {
      throw new ApiError(
        422,
        `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${repositoryName(context, repository)} repository.`,
      );
    }
    return account.id;
  });
  if (teams.length > 0) {
    throw new ApiError(422, 'Could not resolve to a node with the global id of the requested team.');
  }
  const requestedReviewerIds = [...new Set([...issue.pull.requestedReviewerIds, ...ids])];
  return updatePull(context, issue, {}, { requestedReviewerIds });
}

function repositoryName(context: Context, repository: Repository): string {
  return `${context.state.accounts.need(repository.ownerId).login}/${repository.name}`;
}
