import type { Author } from '../actor.ts';
import { ApiError, type FieldError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { countCommits } from '../git/commits.ts';
import { createRef } from '../git/ref-files.ts';
import { branchTip } from '../git/refs.ts';
import { runGit } from '../git/run-git.ts';
import { renderPull } from '../render-json/pull.ts';
import { isPull, pullsOf } from '../state/queries.ts';
import type { Pull, PullPart, Repository } from '../state/records.ts';
import { announce } from './announce.ts';
import { checkText } from './check-text.ts';
import { insertIssue } from './issues.ts';

export interface NewPull {
  title: string;
  body?: string | null;
  /** `branch` or `owner:branch`. */
  head: string;
  base: string;
  draft?: boolean;
  maintainerCanModify?: boolean;
}

/** @throws ApiError 422 as GitHub does: unknown branches, no commits between, one that is open already */
export async function createPull(
  context: Context,
  author: Author,
  repository: Repository,
  written: NewPull,
): Promise<Pull> {
  checkText('PullRequest', written);
  const head = findHead(context, repository, written.head);
  const directory = context.state.gitDirectory(repository.id);
  const baseSha = await branchTip(directory, written.base);
  if (baseSha === undefined) throw invalid('base');
  const headSha = await branchTip(context.state.gitDirectory(head.repository.id), head.branch);
  if (headSha === undefined) throw invalid('head');
  if (head.repository.id !== repository.id) {
    const source = context.state.gitDirectory(head.repository.id);
    await runGit(directory, ['fetch', '-q', '--no-write-fetch-head', '--no-tags', source, `refs/heads/${head.branch}`]);
  }
  if ((await countCommits(directory, baseSha, headSha)) === 0) {
    throw custom(`No commits between ${written.base} and ${written.head}`);
  }
  const owner = context.state.accounts.need(head.repository.ownerId).login;
  const twin = pullsOf(context.state, repository.id).find(
    ({ state, pull }) =>
      state === 'open' &&
      pull.headRepositoryId === head.repository.id &&
      pull.headRef === head.branch &&
      pull.baseRef === written.base,
  );
  if (twin !== undefined) throw custom(`A pull request already exists for ${owner}:${head.branch}.`);
  const part: PullPart = {
    id: context.state.nextId('pull'),
    headRepositoryId: head.repository.id,
    headRef: head.branch,
    headSha,
    baseRef: written.base,
    baseSha,
    draft: written.draft ?? false,
    maintainerCanModify: written.maintainerCanModify ?? false,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    requestedReviewerIds: [],
    requestedTeams: [],
  };
  const { title, body = null } = written;
  const issue = insertIssue(context, author, repository, { title, body, labelIds: [], assigneeIds: [], pull: part });
  if (!isPull(issue)) throw new Error('a pull request was stored as an issue');
  await createRef(directory, `refs/pull/${issue.number}/head`, headSha);
  announce(context, author, repository, 'pull_request', 'opened', {
    number: issue.number,
    pull_request: await renderPull(context, repository, issue),
  });
  return issue;
}

/** The repository and branch that `branch` or `owner:branch` names: this repository, or that owner's fork of it. */
function findHead(context: Context, repository: Repository, head: string): { repository: Repository; branch: string } {
  const colon = head.indexOf(':');
  if (colon < 0) return { repository, branch: head };
  const owner = head.slice(0, colon).toLowerCase();
  const found = [repository, ...context.state.repositories.where((other) => other.parentId === repository.id)].find(
    (candidate) => context.state.accounts.need(candidate.ownerId).login.toLowerCase() === owner,
  );
  if (found === undefined) throw invalid('head');
  return { repository: found, branch: head.slice(colon + 1) };
}

function invalid(field: 'head' | 'base'): ApiError {
  return validationFailed({ resource: 'PullRequest', field, code: 'invalid' });
}

function custom(message: string): ApiError {
  const error: FieldError = { resource: 'PullRequest', code: 'custom', message };
  return new ApiError(422, 'Validation Failed', { errors: [error] });
}
