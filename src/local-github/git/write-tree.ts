import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryAt, listTree } from './objects.ts';
import { gitText, runGit } from './run-git.ts';

export interface TreeChange {
  path: string;
  mode: string;
  /** null deletes the path. */
  sha: string | null;
}

/** git left a path out of a tree and said so. */
export class IgnoredPathError extends Error {}

/**
 * Applies changes to a base tree (or to nothing) in an index of its own.
 * @param changes none of whose paths contains another, each of them as `isTreePath` wants it
 * @returns the tree's sha. @throws IgnoredPathError for paths that git guards beyond that, e.g. `git~1`
 */
export async function writeTree(
  gitDirectory: string,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'local-github-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await runGit(gitDirectory, base === null ? ['read-tree', '--empty'] : ['read-tree', base], { env });
    const lines: string[] = [];
    // One after the other: a request may hold thousands, and each asks git.
    for (const change of changes) lines.push(...(await linesOf(gitDirectory, base, change)));
    const args = ['update-index', '-z', '--index-info'];
    const { stderr } = await runGit(gitDirectory, args, { env, input: lines.join('') });
    if (stderr.includes('Ignoring path')) throw new IgnoredPathError(stderr.trim());
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
