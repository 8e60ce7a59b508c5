import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { runGit } from '../local-github/git/run-git.ts';

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

/** Every git repository in the folder or up to three levels below it; nothing is looked for inside a repository. */
export async function discoverRepositories(folder: string): Promise<Discovery> {
  const paths: string[] = [];
  await walk(folder, 0, paths);
  const repositories: Discovered[] = [];
  const skipped: { path: string; reason: string }[] = [];
  for (const path of paths.sort()) {
    if (!(await hasCommit(path))) skipped.push({ path, reason: 'it has no commit yet' });
    else repositories.push({ name: nameOf(folder, path), path, uncommitted: await hasUncommitted(path) });
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
  return below.replace(/\.git$/, '').replace(/[^A-Za-z0-9._-]+/g, '-');
}

async function hasCommit(path: string): Promise<boolean> {
  return runGit(null, ['-C', path, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).then(
    () => true,
    () => false,
  );
}

async function hasUncommitted(path: string): Promise<boolean> {
  const args = ['-C', path, '-c', 'core.fsmonitor=false', 'status', '--porcelain', '--ignore-submodules'];
  return runGit(null, args).then(
    ({ stdout }) => stdout.length > 0,
    () => false,
  );
}
