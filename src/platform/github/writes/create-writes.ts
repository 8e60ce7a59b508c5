import type { Octokit } from '@octokit/rest';
import type { GitHubWrites } from '../../../ports/github-writes.ts';
import { branchWrites } from './branches.ts';
import { commentWrites } from './comments.ts';
import { commitFiles } from './commit-files.ts';
import { issueWrites } from './issues.ts';
import { pullRequestDetails } from './pull-request-details.ts';
import { pullRequestWrites } from './pull-requests.ts';

/** One installation's writes and looks. `connect` makes a client of its own: a commit on a new branch hooks into one. */
export function createWrites(connect: () => Octokit): GitHubWrites {
  const octokit = connect();
  return {
    ...issueWrites(octokit),
    ...commentWrites(octokit),
    ...pullRequestWrites(octokit),
    ...pullRequestDetails(octokit),
    ...branchWrites(octokit),
    commitFiles: (commit, beforeMove) => commitFiles(connect, commit, beforeMove ?? (async () => {})),
  };
}
