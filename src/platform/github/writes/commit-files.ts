import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { GitHubError } from '../../../ports/github-reads.ts';
import type { ApiCommit } from '../../../ports/github-writes.ts';
import { parseAnswer } from '../answers.ts';
import { ownerAndRepo } from '../full-name.ts';
import { readBranchHead } from '../reads/branch-head.ts';
import { commitOnNewBranch } from './commit-new-branch.ts';
import { fileContent } from './file-content.ts';

type BeforeMove = (sha: string) => Promise<void>;

const made = z.object({ sha: z.string() });
const commitTree = z.object({ tree: made });
const comparison = z.object({ ahead_by: z.int() });

/**
 * One commit by GitHub: the base's tree with the files. Without an author or committer of its own, so that GitHub signs it.
 * Source: docs.github.com/authentication, "signature verification for bots".
 */
export async function commitFiles(
  connect: () => Octokit,
  commit: ApiCommit,
  beforeMove: BeforeMove,
): Promise<{ sha: string }> {
  const { repository, branch, expected } = commit;
  const octokit = connect();
  const head = (await readBranchHead(octokit, repository, branch)) ?? null;
  if (head !== expected) {
    const is = head === null ? 'does not exist' : `is at ${head}`;
    throw new GitHubError('refused', 409, `${branch} in ${repository} ${is}, expected ${expected ?? 'no branch'}.`);
  }
  if (expected === null) return commitOnNewBranch(octokit, commit, beforeMove);
  return commitOnBranch(octokit, { ...commit, expected }, beforeMove);
}

/** On top of our own head, so that the move is a fast-forward; where the base moved on, the base is the second parent. */
async function commitOnBranch(
  octokit: Octokit,
  commit: ApiCommit & { expected: string },
  beforeMove: BeforeMove,
): Promise<{ sha: string }> {
  const { repository, branch, baseSha, expected, message } = commit;
  const place = ownerAndRepo(repository);
  const tree = await makeTree(octokit, commit);
  const parents = (await contains(octokit, repository, expected, baseSha)) ? [expected] : [expected, baseSha];
  const route = 'POST /repos/{owner}/{repo}/git/commits';
  const { data } = await octokit.request(route, { ...place, message, tree, parents });
  const { sha } = parseAnswer(made, data, route);
  await beforeMove(sha);
  await octokit.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
    ...place,
    ref: `heads/${branch}`,
    sha,
    force: false,
  });
  return { sha };
}

async function makeTree(octokit: Octokit, { repository, baseSha, files }: ApiCommit): Promise<string> {
  const place = ownerAndRepo(repository);
  const commitRoute = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
  const base = await octokit.request(commitRoute, { ...place, commit_sha: baseSha });
  const tree: TreeEntry[] = [];
  for (const { path, mode, content } of files) {
    const entry = { path, mode, type: 'blob' as const };
    const encoded = fileContent(content);
    if (encoded === null) tree.push({ ...entry, sha: null });
    else if (encoded.encoding === 'utf-8') tree.push({ ...entry, content: encoded.content });
    else tree.push({ ...entry, sha: await makeBlob(octokit, repository, encoded) });
  }
  const route = 'POST /repos/{owner}/{repo}/git/trees';
  const baseTree = parseAnswer(commitTree, base.data, commitRoute).tree.sha;
  const { data } = await octokit.request(route, { ...place, base_tree: baseTree, tree });
  return parseAnswer(made, data, route).sha;
}

interface TreeEntry {
  path: string;
  mode: ApiCommit['files'][number]['mode'];
  type: 'blob';
  sha?: string | null;
  content?: string;
}

async function makeBlob(octokit: Octokit, repository: string, file: { content: string; encoding: string }) {
  const route = 'POST /repos/{owner}/{repo}/git/blobs';
  const { data } = await octokit.request(route, { ...ownerAndRepo(repository), ...file });
  return parseAnswer(made, data, route).sha;
}

/** Whether `sha` is an ancestor of `head`, or the same. */
async function contains(octokit: Octokit, repository: string, head: string, sha: string): Promise<boolean> {
  const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
  const place = ownerAndRepo(repository);
  const { data } = await octokit.request(route, { ...place, basehead: `${head}...${sha}`, per_page: 1 });
  return parseAnswer(comparison, data, route).ahead_by === 0;
}
