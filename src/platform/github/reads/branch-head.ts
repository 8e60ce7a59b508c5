import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { parseAnswer } from '../answers.ts';
import { isNotFound, isStatus } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';

const reference = z.object({ object: z.object({ sha: z.string() }) });

/** undefined: no such branch; a repository without any commit answers 409. */
export async function readBranchHead(
  octokit: Octokit,
  repository: string,
  branch: string,
): Promise<string | undefined> {
  const route = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
  try {
    const { data } = await octokit.request(route, { ...ownerAndRepo(repository), ref: `heads/${branch}` });
    return parseAnswer(reference, data, route).object.sha;
  } catch (error) {
    if (isNotFound(error) || isStatus(error, 409)) return undefined;
    throw error;
  }
}
