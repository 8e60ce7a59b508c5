import { copyFile, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '../local-github/git/run-git.ts';

/** What of the original's configuration changes how files compare, and names no program. */
const harmless = '^core\\.(autocrlf|eol|filemode|ignorecase|precomposeunicode|symlinks|trustctime|checkstat)$';

/** Where a repository keeps what a look at its work tree needs. */
interface Places {
  /** Of this work tree. */
  gitDirectory: string;
  /** With the objects; the same but for `git worktree`. */
  common: string;
  objectFormat: string;
}

/**
 * Whether the work tree holds changes that HEAD does not have. False for a bare repository, and where git cannot tell.
 * A repository that was downloaded can name programs in its `.git/config` that `git status` runs (filters, fsmonitor),
 * so the looking is done by a git directory of our own, which borrows its objects and has a copy of its index.
 * @param env for reading the original
 */
export async function hasUncommitted(path: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const borrowed = await mkdtemp(join(tmpdir(), 'flotilla-look-'));
  try {
    const places = await placesOf(path, env);
    if (places === undefined) return false;
    await borrow(borrowed, places, await textOf(path, ['rev-parse', 'HEAD^{commit}'], env));
    const config = await comparison(path, env);
    const status = ['status', '--porcelain', '--ignore-submodules=all', '--no-renames'];
    const args = [`--work-tree=${path}`, ...config.flatMap((setting) => ['-c', setting]), ...status];
    return (await runGit(borrowed, args, { env: { GIT_OPTIONAL_LOCKS: '0' } })).stdout.length > 0;
  } catch {
    return false;
  } finally {
    await rm(borrowed, { recursive: true, force: true });
  }
}

async function placesOf(path: string, env: Readonly<Record<string, string>>): Promise<Places | undefined> {
  const asked = ['--is-bare-repository', '--git-dir', '--git-common-dir', '--show-object-format'];
  const [bare, gitDirectory = '', common = '', objectFormat = ''] = (
    await textOf(path, ['rev-parse', '--path-format=absolute', ...asked], env)
  ).split('\n');
  return bare === 'true' ? undefined : { gitDirectory, common, objectFormat };
}

async function borrow(borrowed: string, { gitDirectory, common, objectFormat }: Places, head: string): Promise<void> {
  await Promise.all(
    ['objects/info', 'refs', 'info'].map((folder) => mkdir(join(borrowed, folder), { recursive: true })),
  );
  const format = objectFormat === 'sha1' ? '0' : `1\n[extensions]\n\tobjectformat = ${objectFormat}`;
  await Promise.all([
    writeFile(join(borrowed, 'HEAD'), `${head}\n`),
    writeFile(join(borrowed, 'config'), `[core]\n\tbare = false\n\trepositoryformatversion = ${format}\n`),
    writeFile(join(borrowed, 'objects', 'info', 'alternates'), `${join(common, 'objects')}\n`),
    copyFile(join(common, 'info', 'exclude'), join(borrowed, 'info', 'exclude')).catch(() => undefined),
  ]);
  const indexes = (await readdir(gitDirectory)).filter((name) => /^(index|sharedindex\.[0-9a-f]+)$/.test(name));
  for (const name of indexes) {
    const from = join(gitDirectory, name);
    await copyFile(from, join(borrowed, name));
    // git compares the index's own time with the files': what changed in the same moment is looked into.
    const { atime, mtime } = await stat(from);
    await utimes(join(borrowed, name), atime, mtime);
  }
}

async function comparison(path: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const args = ['-C', path, 'config', '--null', '--get-regexp', harmless];
  const { stdout } = await runGit(null, args, { env, accept: [1] });
  const entries = stdout.toString().split('\0');
  return entries.filter((entry) => entry.includes('\n')).map((entry) => entry.replace('\n', '='));
}

async function textOf(path: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return (await runGit(null, ['-C', path, ...args], { env })).stdout.toString().trimEnd();
}
