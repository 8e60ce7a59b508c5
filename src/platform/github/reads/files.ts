import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { GitHubError } from '../../../ports/github-reads.ts';
import { parseAnswer } from '../answers.ts';
import { isNotFound } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';

const ROUTE = 'GET /repos/{owner}/{repo}/contents/{path}';

const directory = z.array(z.object({ name: z.string() }));
const file = z.object({ type: z.literal('file'), size: z.int(), encoding: z.string(), content: z.string() });
const other = z.object({ type: z.enum(['dir', 'symlink', 'submodule']) });
const contents = z.union([directory, file, other]);

/** Text of a file on the default branch. GitHub sends contents up to 1 MB here; a larger file or one that is no text is refused. */
export async function readFile(octokit: Octokit, fullName: string, path: string): Promise<string | undefined> {
  const found = await readContents(octokit, fullName, path);
  if (found === undefined || Array.isArray(found) || found.type !== 'file') return undefined;
  const where = `${path} in ${fullName}`;
  if (found.encoding !== 'base64') {
    throw new GitHubError('refused', 200, `${where} has ${found.size} bytes; at most 1 MB can be read.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(found.content, 'base64'));
  } catch (cause) {
    throw new GitHubError('refused', 200, `${where} is not UTF-8 text.`, { cause });
  }
}

/** Names of a directory's entries on the default branch; GitHub lists at most 1,000. */
export async function readDirectory(octokit: Octokit, fullName: string, path: string): Promise<string[]> {
  const found = await readContents(octokit, fullName, path);
  return Array.isArray(found) ? found.map(({ name }) => name) : [];
}

async function readContents(octokit: Octokit, fullName: string, path: string) {
  try {
    const { data } = await octokit.request(ROUTE, { ...ownerAndRepo(fullName), path });
    return parseAnswer(contents, data, ROUTE);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
