import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rememberFacts } from './facts.ts';
import { gitText, runGit } from './run-git.ts';

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
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '-l', commit, '--', path];
  const { stdout } = await runGit(gitDirectory, args);
  return stdout.toString().split('\0').flatMap(parseTreeLine)[0];
}

const types = rememberFacts<string | undefined>(5_000, (found) => found !== undefined);

export async function objectType(gitDirectory: string, sha: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  return types(gitDirectory, [sha], async () => {
    const { stdout, code } = await runGit(gitDirectory, ['cat-file', '-t', sha], { accept: [1, 128] });
    return code === 0 ? stdout.toString().trim() : undefined;
  });
}

export async function readBlob(gitDirectory: string, sha: string): Promise<Buffer> {
  return (await runGit(gitDirectory, ['cat-file', 'blob', sha])).stdout;
}

export async function writeBlob(gitDirectory: string, content: Buffer): Promise<string> {
  return gitText(gitDirectory, ['hash-object', '-w', '--stdin'], { input: content });
}

export interface TreeChange {
  path: string;
  mode: string;
  /** null deletes the path. */
  sha: string | null;
}

/** Applies changes to a base tree (or to nothing) in an index of its own. @returns the tree's sha. */
export async function writeTree(
  gitDirectory: string,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'local-github-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await runGit(gitDirectory, base === null ? ['read-tree', '--empty'] : ['read-tree', base], { env });
    const lines = await Promise.all(changes.map((change) => linesOf(gitDirectory, base, change)));
    await runGit(gitDirectory, ['update-index', '-z', '--index-info'], { env, input: lines.flat().join('') });
    return await gitText(gitDirectory, ['write-tree'], { env });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** For `update-index --index-info`, which knows no folders: one becomes the files below it, in place of those before. */
async function linesOf(gitDirectory: string, base: string | null, { path, mode, sha }: TreeChange): Promise<string[]> {
  if (mode !== '040000') return [sha === null ? removal(path) : `${mode} ${sha}\t${path}\0`];
  const before = base === null ? [] : await filesAt(gitDirectory, base, path);
  const below = sha === null ? [] : await listTree(gitDirectory, sha, { recursive: true });
  return [
    ...before.map(removal),
    ...below.filter(({ type }) => type !== 'tree').map((file) => `${file.mode} ${file.sha}\t${path}/${file.path}\0`),
  ];
}

const removal = (path: string): string => `0 ${'0'.repeat(40)}\t${path}\0`;

/** The files at and below a path. */
async function filesAt(gitDirectory: string, treeish: string, path: string): Promise<string[]> {
  const entry = await entryAt(gitDirectory, treeish, path);
  if (entry === undefined) return [];
  if (entry.type !== 'tree') return [path];
  const below = await listTree(gitDirectory, entry.sha, { recursive: true });
  return below.filter(({ type }) => type !== 'tree').map((file) => `${path}/${file.path}`);
}
