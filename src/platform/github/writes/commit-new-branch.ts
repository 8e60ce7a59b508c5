import type { Octokit } from '@octokit/rest';
import { composeCreatePullRequest, DELETE_FILE } from 'octokit-plugin-create-pull-request';
import { GitHubError } from '../../../ports/github-reads.ts';
import type { ApiCommit } from '../../../ports/github-writes.ts';
import { ownerAndRepo } from '../full-name.ts';
import { fileContent } from './file-content.ts';

/**
 * A commit on a branch that does not exist yet, by octokit-plugin-create-pull-request. `octokit` is used for this alone:
 * its requests are held to what was planned, because the plugin by itself would
 * - build on the newest commit of the base instead of the frozen one, undoing what others did meanwhile,
 * - keep a file that was to be deleted when its look for it fails,
 * - move an existing branch by force,
 * - open the pull request at once, past the pace and the record of effects/.
 */
export async function commitOnNewBranch(
  octokit: Octokit,
  commit: ApiCommit,
  beforeMove: (sha: string) => Promise<void>,
): Promise<{ sha: string }> {
  let moved: string | undefined;
  octokit.hook.wrap('request', async (request, options) => {
    const withheld = { status: 200 as const, headers: {}, url: options.url, data: {} };
    switch (`${options.method} ${options.url}`) {
      case 'GET /repos/{owner}/{repo}/commits':
        options.sha = commit.baseSha;
        return request(options);
      case 'HEAD /repos/{owner}/{repo}/contents/:path':
        return withheld;
      case 'POST /repos/{owner}/{repo}/git/blobs':
        // A mode belongs to the tree; GitHub's contract knows none here.
        delete options.mode;
        return request(options);
      case 'POST /repos/{owner}/{repo}/git/refs': {
        const sha = String(options.sha);
        await beforeMove(sha);
        const answer = await request(options);
        moved = sha;
        return answer;
      }
      case 'PATCH /repos/{owner}/{repo}/git/refs/{ref}':
        throw new GitHubError('refused', 409, `${commit.branch} in ${commit.repository} exists already.`);
      case 'POST /repos/{owner}/{repo}/pulls':
        return withheld;
      default:
        return request(options);
    }
  });
  await composeCreatePullRequest(octokit, {
    ...ownerAndRepo(commit.repository),
    base: commit.baseBranch,
    head: commit.branch,
    title: '',
    body: '',
    changes: { commit: commit.message, files: Object.fromEntries(commit.files.map(pluginFile)) },
  }).catch((cause: unknown) => {
    if (cause instanceof GitHubError) throw cause;
    const where = `${commit.branch} in ${commit.repository}`;
    throw new GitHubError('refused', 0, `The commit on ${where} could not be made: ${String(cause)}`, { cause });
  });
  if (moved === undefined) {
    throw new GitHubError('unknown', 0, `${commit.branch} in ${commit.repository} was not created.`);
  }
  return { sha: moved };
}

function pluginFile({ path, mode, content }: ApiCommit['files'][number]) {
  const encoded = fileContent(content);
  return [path, encoded === null ? DELETE_FILE : { ...encoded, mode }] as const;
}
