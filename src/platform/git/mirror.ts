import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TaskFailure } from '../../core/failures.ts';
import { BARE_CONFIG, makeGitDirectory } from './bare-directory.ts';
import { GitError } from './git-error.ts';
import type { KeyedLock } from './mirror-lock.ts';
import { readRef } from './read-ref.ts';
import type { Remote } from './remote.ts';
import { runGit } from './run-git.ts';
import { safeName } from './workspace-paths.ts';
import { deleteRef, writeRef } from './write-ref.ts';

interface Wanted {
  repository: string;
  base: string;
  branch: string;
  /** Where both were a moment ago, for who knows that. */
  heads?: { base: string; branch: string | null } | undefined;
}

export interface FetchedHeads {
  baseSha: string;
  branchHead: string | null;
}

/** In a mirror; the file system's clock says by it when the last fetch into it ended, so that its size is of after that. */
export const USED_FILE = 'used';

/** Keeps the base alive in the mirror for as long as the task's workspace borrows its objects. */
const HOLDS = 'refs/flotilla/hold/';
const holdRef = (taskId: string): string => `${HOLDS}${safeName(taskId)}`;
/** A branch that somebody pushed in the meantime, read for the rerun table. */
const seenRef = (taskId: string): string => `refs/flotilla/seen/${safeName(taskId)}`;
/** Named by hash: on GitHub `a` can make room for `a/b`, here both would have to exist at once. */
const branchRef = (branch: string): string =>
  `refs/flotilla/branch/${createHash('sha256').update(branch).digest('hex').slice(0, 32)}`;

/**
 * Brings the base (and the fleet's branch, where there is one) into the mirror and holds the base for the task.
 * Forty-three of forty-five concurrent fetches into one mirror failed, hence the lock.
 * @throws GitError, TaskFailure('not_found')
 */
export async function fetchIntoMirror(
  mirror: string,
  lock: KeyedLock,
  remote: Remote,
  request: Wanted & { taskId: string },
  signal?: AbortSignal,
): Promise<FetchedHeads> {
  const work = async (): Promise<FetchedHeads> => {
    await openMirror(mirror);
    const heads = await fetchHeads(mirror, remote, request);
    const baseSha = await readRef(mirror, branchRef(request.base));
    if (baseSha === undefined) throw new TaskFailure('clone', `The mirror of ${request.repository} has no base.`);
    await writeRef(mirror, holdRef(request.taskId), baseSha);
    const branchHead = heads.has(request.branch) ? ((await readRef(mirror, branchRef(request.branch))) ?? null) : null;
    await markUsed(mirror);
    return { baseSha, branchHead };
  };
  return lock.hold(mirror, work, signal);
}

/**
 * Brings the mirror up to what the remote says it has, which it returns.
 * A branch that is deleted between the look and the fetch is looked for once more, as the fleet's branch may be missing.
 */
async function fetchHeads(mirror: string, remote: Remote, request: Wanted): Promise<ReadonlyMap<string, string>> {
  const told = await fetchTold(mirror, remote, request);
  if (told !== null) return told;
  try {
    return await fetchHeadsOnce(mirror, remote, request);
  } catch (error) {
    if (!(error instanceof GitError) || !/couldn't find remote ref/i.test(error.stderr)) throw error;
    return fetchHeadsOnce(mirror, remote, request);
  }
}

/** By the commits that the request names, without asking where branches are. null: the remote has to be asked after all. */
async function fetchTold(
  mirror: string,
  remote: Remote,
  { base, branch, heads }: Wanted,
): Promise<ReadonlyMap<string, string> | null> {
  if (heads === undefined) return null;
  const told = new Map([[base, heads.base], ...(heads.branch === null ? [] : [[branch, heads.branch] as const])]);
  const missing: string[] = [];
  for (const [name, sha] of told) {
    if ((await readRef(mirror, branchRef(name))) !== sha) missing.push(`+${sha}:${branchRef(name)}`);
  }
  if (missing.length === 0) return told;
  try {
    await remote.run([...FETCH, remote.url, ...missing], { gitDir: mirror });
    return told;
  } catch (error) {
    // Nothing reaches a commit any more that a branch was forced away from.
    if (
      error instanceof GitError &&
      !error.aborted &&
      /not our ref|unadvertised object|remote error/i.test(error.stderr)
    )
      return null;
    throw error;
  }
}

async function fetchHeadsOnce(
  mirror: string,
  remote: Remote,
  request: Pick<Wanted, 'repository' | 'base' | 'branch'>,
): Promise<ReadonlyMap<string, string>> {
  const heads = await remote.heads(mirror, [request.base, request.branch]);
  if (!heads.has(request.base)) {
    throw new TaskFailure(
      'not_found',
      `${request.repository} has no branch "${request.base}"; it is empty, or the branch was renamed or deleted.`,
    );
  }
  const behind: string[] = [];
  for (const [branch, sha] of heads) if ((await readRef(mirror, branchRef(branch))) !== sha) behind.push(branch);
  if (behind.length > 0) await fetchBranches(mirror, remote, behind);
  return heads;
}

/** Brings one branch into the mirror, for reading alone. @returns its head @throws GitError, TaskFailure('not_found') */
export async function fetchBranch(
  mirror: string,
  lock: KeyedLock,
  remote: Remote,
  { repository, branch }: { repository: string; branch: string },
  signal?: AbortSignal,
): Promise<string> {
  const work = async (): Promise<string> => {
    await openMirror(mirror);
    await fetchHeads(mirror, remote, { repository, base: branch, branch });
    const sha = await readRef(mirror, branchRef(branch));
    if (sha === undefined) throw new TaskFailure('clone', `The mirror of ${repository} has no ${branch}.`);
    await markUsed(mirror);
    return sha;
  };
  return lock.hold(mirror, work, signal);
}

/** Fetches one commit by its sha, which GitHub allows for whatever a ref reaches. @throws GitError */
export async function fetchCommit(
  mirror: string,
  lock: KeyedLock,
  remote: Remote,
  request: { taskId: string; sha: string },
  signal?: AbortSignal,
): Promise<void> {
  const work = async (): Promise<void> => {
    await openMirror(mirror);
    await remote.run([...FETCH, remote.url, `+${request.sha}:${seenRef(request.taskId)}`], { gitDir: mirror });
    await markUsed(mirror);
  };
  await lock.hold(mirror, work, signal);
}

/** Lets the mirror forget the task. Objects stay: a mirror is never pruned while clones may live. */
export async function releaseHold(mirror: string, lock: KeyedLock, taskId: string): Promise<void> {
  if (!existsSync(join(mirror, 'HEAD'))) return;
  await lock.hold(mirror, async () => {
    await openMirror(mirror);
    for (const ref of [holdRef(taskId), seenRef(taskId)]) await deleteRef(mirror, ref);
  });
}

/** The tasks for which the mirror holds a base. Only under its lock. @throws GitError */
export async function holdersOf(mirror: string): Promise<string[]> {
  const { stdout } = await runGit(['for-each-ref', '--format=%(refname)', HOLDS], { gitDir: mirror });
  return stdout
    .toString('utf8')
    .split('\n')
    .flatMap((ref) => (ref.startsWith(HOLDS) ? [ref.slice(HOLDS.length)] : []));
}

const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-gc', '--no-recurse-submodules'];

async function fetchBranches(mirror: string, remote: Remote, branches: readonly string[]): Promise<void> {
  const refspecs = branches.map((branch) => `+refs/heads/${branch}:${branchRef(branch)}`);
  await remote.run([...FETCH, remote.url, ...refspecs], { gitDir: mirror });
}

/** For who uses a mirror without a fetch: what a power cut left half written is made whole. */
export async function repairMirror(mirror: string, lock: KeyedLock, signal?: AbortSignal): Promise<void> {
  // A fetch can hold the lock for minutes.
  if (!(await isWhole(mirror))) await lock.hold(mirror, () => openMirror(mirror), signal);
}

/** Makes the mirror where it is missing or half made, and clears what a killed git left; only under its lock. */
async function openMirror(mirror: string): Promise<void> {
  if (!(await isWhole(mirror))) {
    await makeGitDirectory(mirror, { alternates: [], config: BARE_CONFIG });
  } else {
    await removeLeftovers(mirror);
  }
}

/** An empty HEAD or config is half made too; what lies in objects stays, as workspaces may borrow from it. */
async function isWhole(mirror: string): Promise<boolean> {
  const entries = await readdir(mirror).catch((): string[] => []);
  if (!['HEAD', 'config', 'objects', 'refs', 'info'].every((entry) => entries.includes(entry))) return false;
  const sizes = await Promise.all(['HEAD', 'config'].map(async (file) => (await stat(join(mirror, file))).size));
  return sizes.every((size) => size > 0);
}

const markUsed = (mirror: string): Promise<void> => writeFile(join(mirror, USED_FILE), '');

async function removeLeftovers(mirror: string): Promise<void> {
  const refs = join(mirror, 'refs');
  const nested = (await readdir(refs, { recursive: true })).map((name) => join(refs, name));
  const flat = [mirror, join(mirror, 'objects', 'info'), join(mirror, 'objects', 'pack')];
  const lists = await Promise.all(
    flat.map(async (folder) => (await readdir(folder).catch((): string[] => [])).map((name) => join(folder, name))),
  );
  const left = [...nested, ...lists.flat()].filter(
    (path) => path.endsWith('.lock') || /^tmp_(?:pack|idx|rev)_/.test(basename(path)),
  );
  for (const path of left) await rm(path, { force: true });
}
