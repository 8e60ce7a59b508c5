import { rememberFacts } from './facts.ts';
import { gitText, runGit } from './run-git.ts';
import { isTreePath } from './tree-path.ts';

export interface TreeEntry {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  path: string;
  /** Bytes; null for anything but a blob. */
  size: number | null;
}

const lineOfTree = /^(\d{6}) (blob|tree|commit) ([0-9a-f]{40})\s+(-|\d+)\t(.*)$/s;

/** The entries of a tree or commit, recursive or not; below `path` when given (without a trailing slash). */
export async function listTree(
  gitDirectory: string,
  treeish: string,
  options: { recursive?: boolean; path?: string } = {},
): Promise<TreeEntry[]> {
  const object = options.path === undefined || options.path === '' ? treeish : `${treeish}:${options.path}`;
  const { stdout } = await runGit(gitDirectory, [
    'ls-tree',
    '-z',
    '-l',
    ...(options.recursive === true ? ['-r', '-t'] : []),
    object,
  ]);
  return stdout.toString().split('\0').flatMap(parseTreeLine);
}

function parseTreeLine(line: string): TreeEntry[] {
  const match = lineOfTree.exec(line);
  if (match === null) return [];
  const [, mode = '', kind, sha = '', size = '-', path = ''] = match;
  const type = kind === 'tree' ? 'tree' : kind === 'commit' ? 'commit' : 'blob';
  return [{ mode, type, sha, path, size: size === '-' ? null : Number(size) }];
}

/** What lies at a path of a commit; undefined when nothing does. */
export async function entryAt(gitDirectory: string, commit: string, path: string): Promise<TreeEntry | undefined> {
  if (!isTreePath(path)) return undefined;
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '-l', commit, '--', path];
  const { stdout } = await runGit(gitDirectory, args);
  const entries = stdout.toString().split('\0').flatMap(parseTreeLine);
  return entries.find((entry) => entry.path === path);
}

const types = rememberFacts<string | undefined>(5_000, (found) => found !== undefined);

export async function objectType(gitDirectory: string, sha: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  return types(gitDirectory, [sha], async () => {
    const { stdout, code } = await runGit(gitDirectory, ['cat-file', '-t', sha], { accept: [1, 128] });
    return code === 0 ? stdout.toString().trim() : undefined;
  });
}

/** At most 16 MiB in all: workflows and settings are read again with every command. */
const blobs = rememberFacts<Buffer>(256, (content) => content.length <= 64 * 1024);

/** Not to be written into: whoever asks for the same blob gets the same bytes. */
export function readBlob(gitDirectory: string, sha: string): Promise<Buffer> {
  return blobs(gitDirectory, [sha], async () => (await runGit(gitDirectory, ['cat-file', 'blob', sha])).stdout);
}

export async function writeBlob(gitDirectory: string, content: Buffer): Promise<string> {
  return gitText(gitDirectory, ['hash-object', '-w', '--stdin'], { input: content });
}
