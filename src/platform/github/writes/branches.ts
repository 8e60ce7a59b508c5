import type { Octokit } from '@octokit/rest';
import type { GitHubWrites } from '../../../ports/github-writes.ts';
import { isNotFound, isStatus } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';
import { readBranchHead } from '../reads/branch-head.ts';

type BranchWrites = Pick<GitHubWrites, 'branchHead' | 'deleteBranch'>;

export function branchWrites(octokit: Octokit): BranchWrites {
  return {
    branchHead: (repository, branch) => readBranchHead(octokit, repository, branch),

    /** A branch that is already gone is deleted: GitHub answers 422 "Reference does not exist". */
    async deleteBranch(repository, branch) {
      try {
        await octokit.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', {
          ...ownerAndRepo(repository),
          ref: `heads/${branch}`,
        });
      } catch (error) {
        if (isNotFound(error) || (isStatus(error, 422) && /does not exist/i.test(error.message))) return;
        throw error;
      }
    },
  };
}
