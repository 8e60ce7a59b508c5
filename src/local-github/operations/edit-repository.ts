import type { Author } from '../actor.ts';
import { ApiError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { branchTip } from '../git/refs.ts';
import { runGit } from '../git/run-git.ts';
import { fullName, repositoryByName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { announce } from './announce.ts';

export type RepositoryChanges = Partial<
  Pick<
    Repository,
    | 'name'
    | 'description'
    | 'homepage'
    | 'visibility'
    | 'archived'
    | 'hasIssues'
    | 'defaultBranch'
    | 'allowMergeCommit'
    | 'allowSquashMerge'
    | 'allowRebaseMerge'
    | 'deleteBranchOnMerge'
    | 'topics'
    | 'customProperties'
  >
>;

/** Settings of a repository; a rename keeps its git directory and leaves a redirect. @throws ApiError 422 */
export async function editRepository(
  context: Context,
  author: Author,
  before: Repository,
  changes: RepositoryChanges,
): Promise<Repository> {
  const owner = context.state.accounts.need(before.ownerId).login;
  const directory = context.state.gitDirectory(before.id);
  if (changes.defaultBranch !== undefined && changes.defaultBranch !== before.defaultBranch) {
    if ((await branchTip(directory, changes.defaultBranch)) === undefined) {
      throw new ApiError(
        422,
        `The branch ${changes.defaultBranch} was not found. Please push that ref first or create it via the Git Data API.`,
      );
    }
    await runGit(directory, ['symbolic-ref', 'HEAD', `refs/heads/${changes.defaultBranch}`]);
  }
  const renamed = changes.name !== undefined && changes.name !== before.name;
  if (renamed && changes.name !== undefined) {
    const taken = repositoryByName(context.state, owner, changes.name);
    if (taken !== undefined && taken.id !== before.id) {
      throw validationFailed({
        resource: 'Repository',
        field: 'name',
        code: 'custom',
        message: 'name already exists on this account',
      });
    }
  }
  const formerNames = renamed
    ? [...before.formerNames, fullName(context.state, before).toLowerCase()]
    : before.formerNames;
  const repository = context.state.repositories.update(before.id, {
    ...changes,
    formerNames,
    updatedAt: context.now(),
  });
  if (renamed) {
    announce(context, author, repository, 'repository', 'renamed', {
      changes: { repository: { name: { from: before.name } } },
    });
  }
  if (before.archived !== repository.archived) {
    announce(context, author, repository, 'repository', repository.archived ? 'archived' : 'unarchived', {});
  }
  if (before.visibility !== repository.visibility) {
    announce(
      context,
      author,
      repository,
      'repository',
      repository.visibility === 'public' ? 'publicized' : 'privatized',
      {},
    );
  }
  return repository;
}
