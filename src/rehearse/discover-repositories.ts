import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { foreignRepository, GitError, runGit } from '../local-github/git/run-git.ts';
import { hasUncommitted } from './find-uncommitted.ts';

/** A git repository that was found in the folder. */
export interface Discovered {
  /** As it will be called on the local GitHub: its path below the folder, with `-` for `/`. */
  name: string;
  path: string;
  /** Changes that HEAD does not have and that a rehearsal therefore leaves out. */
  uncommitted: boolean;
}

export interface Discovery {
  repositories: readonly Discovered[];
  /** Found and not usable, with the reason. */
  skipped: readonly { path: string; reason: string }[];
}

const MAX_DEPTH = 3;
const NEVER_ENTERED = new Set(['node_modules', '.git']);
const LONGEST_NAME = 100;

/** Every git repository in the folder or up to three levels below it; nothing is looked for inside a repository. */
export async function discoverRepositories(folder: string): Promise<Discovery> {
  const paths: string[] = [];
  await walk(folder, 0, paths);
  const repositories: Discovered[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const taken = new Set<string>();
  for (const path of paths.sort()) {
    const fault = await faultOf(path);
    if (fault !== undefined) skipped.push({ path, reason: fault });
    else
      repositories.push({
        name: freeName(nameOf(folder, path), taken),
        path,
        uncommitted: await hasUncommitted(path, onlyReading(path)),
      });
  }
  return { repositories, skipped };
}

async function walk(folder: string, depth: number, found: string[]): Promise<void> {
  if (await isRepository(folder)) {
    found.push(folder);
    return;
  }
  if (depth >= MAX_DEPTH) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !NEVER_ENTERED.has(entry.name)) await walk(join(folder, entry.name), depth + 1, found);
  }
}

/** A work tree (also of `git worktree`, whose `.git` is a file) or a bare repository. */
async function isRepository(folder: string): Promise<boolean> {
  const exists = (name: string) =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    );
  if (await exists('.git')) return true;
  return (await exists('HEAD')) && (await exists('objects')) && (await exists('refs'));
}

function nameOf(folder: string, path: string): string {
  const below = relative(folder, path) || basename(path);
  return below
    .replace(/\.git$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, LONGEST_NAME - 4);
}

/** `a/b` and `a-b` want the same name, and GitHub's names ignore case: the later one gets a number. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${wanted}-${number}`;
  taken.add(name.toLowerCase());
  return name;
}

/** Why nothing can be copied from it; undefined when something can. */
async function faultOf(path: string): Promise<string | undefined> {
  const args = ['-C', path, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}'];
  try {
    const { code } = await runGit(null, args, { env: onlyReading(path), accept: [1] });
    return code === 0 ? undefined : 'its HEAD has no commit yet';
  } catch (error) {
    if (error instanceof GitError) return `git cannot read it (${error.stderr.trim().split('\n')[0] ?? error.code})`;
    throw error;
  }
}

/** A broken `.git` would show a repository above it. */
const onlyReading = (path: string) => ({
  GIT_OPTIONAL_LOCKS: '0',
  GIT_CEILING_DIRECTORIES: dirname(path),
  ...foreignRepository,
});
