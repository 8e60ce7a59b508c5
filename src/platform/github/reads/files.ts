import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { UnreadableFile } from '../../../ports/github-reads.ts';
import { parseAnswer } from '../answers.ts';
import { isNotFound } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';

const ROUTE = 'GET /repos/{owner}/{repo}/contents/{path}';

const directory = z.array(z.object({ name: z.string() }));
const file = z.object({ type: z.literal('file'), size: z.int(), encoding: z.string(), content: z.string() });
const other = z.object({ type: z.enum(['dir', 'symlink', 'submodule']) });
const contents = z.union([directory, file, other]);

const KINDS = {
  dir: 'is a directory',
  symlink: 'is a symlink that leads to no file here',
  submodule: 'is a submodule',
};

/**
 * Text of a file on the default branch or at a commit. GitHub sends contents up to 1 MB here and follows symlinks to
 * files. Throws UnreadableFile.
 */
export async function readFile(
  octokit: Octokit,
  fullName: string,
  path: string,
  commit?: string,
): Promise<string | undefined> {
  const found = await readContents(octokit, fullName, path, commit);
  if (found === undefined) return undefined;
  const where = `${fullName}:${path}`;
  if (Array.isArray(found)) throw new UnreadableFile(where, 'is a directory');
  if (found.type !== 'file') throw new UnreadableFile(where, KINDS[found.type]);
  if (found.encoding !== 'base64') {
    throw new UnreadableFile(where, `has ${found.size} bytes, and at most 1 MB can be read`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(found.content, 'base64'));
  } catch {
    throw new UnreadableFile(where, 'is not UTF-8 text');
  }
}

/** Names of a directory's entries on the default branch; GitHub lists at most 1,000. */
export async function readDirectory(octokit: Octokit, fullName: string, path: string): Promise<string[]> {
  const found = await readContents(octokit, fullName, path);
  return Array.isArray(found) ? found.map(({ name }) => name) : [];
}

async function readContents(octokit: Octokit, fullName: string, path: string, commit?: string) {
  const at = commit === undefined ? {} : { ref: commit };
  try {
    const { data } = await octokit.request(ROUTE, { ...ownerAndRepo(fullName), path, ...at });
    return parseAnswer(contents, data, ROUTE);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
