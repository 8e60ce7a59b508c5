import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { parseAnswer } from '../answers.ts';
import { isNotFound, isStatus } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';

const ROUTE = 'GET /repos/{owner}/{repo}/commits';
const commits = z.array(z.object({ sha: z.string() }));

/**
 * The newest commit of the default branch, which GitHub lists when it is told no other; a repository without any
 * commit answers 409. Source: docs.github.com/rest/commits/commits, "List commits".
 */
export async function readHead(octokit: Octokit, fullName: string): Promise<string | undefined> {
  try {
    const { data } = await octokit.request(ROUTE, { ...ownerAndRepo(fullName), per_page: 1 });
    return parseAnswer(commits, data, ROUTE)[0]?.sha;
  } catch (error) {
    if (isNotFound(error) || isStatus(error, 409)) return undefined;
    throw error;
  }
}
