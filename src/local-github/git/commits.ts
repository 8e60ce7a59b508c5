import { rememberFacts } from './facts.ts';
import { gitText, runGit } from './run-git.ts';

export interface Person {
  name: string;
  email: string;
  /** ISO 8601 in UTC. */
  date: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
}

const commits = rememberFacts<Commit>(2_000);

const format = '%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x00%x01';

/** @param revisions e.g. `[head]`, `[head, '^' + base]`; newest first. */
export async function listCommits(
  gitDirectory: string,
  revisions: readonly string[],
  page: { skip?: number; max?: number; path?: string; order?: 'newest' | 'oldest' } = {},
): Promise<Commit[]> {
  const args = ['--literal-pathspecs', 'log', `--format=${format}`, '-z', '--topo-order'];
  if (page.order === 'oldest') args.push('--reverse');
  if (page.skip !== undefined) args.push(`--skip=${page.skip}`);
  if (page.max !== undefined) args.push(`--max-count=${page.max}`);
  args.push('--end-of-options', ...revisions, '--', ...(page.path === undefined ? [] : [page.path]));
  const { stdout } = await runGit(gitDirectory, args);
  const found = stdout
    .toString()
    .split('\u0000\u0001')
    .map((entry) => entry.replace(/^\0/, ''))
    .filter((entry) => entry !== '')
    .map(parseCommit);
  // Whoever was told of a push asks for its commits next.
  for (const commit of found.slice(0, 20)) void commits(gitDirectory, [commit.sha], async () => commit);
  return found;
}

function parseCommit(entry: string): Commit {
  const [sha, tree, parents, an, ae, at, cn, ce, ct, message] = entry.split('\0');
  const person = (name = '', email = '', seconds = '0'): Person => ({
    name,
    email,
    date: isoSeconds(Number(seconds) * 1000),
  });
  return {
    sha: sha ?? '',
    tree: tree ?? '',
    parents: (parents ?? '').split(' ').filter((parent) => parent !== ''),
    author: person(an, ae, at),
    committer: person(cn, ce, ct),
    message: (message ?? '').replace(/\n$/, ''),
  };
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

export function readCommit(gitDirectory: string, sha: string): Promise<Commit> {
  return commits(gitDirectory, [sha], async () => {
    const [commit] = await listCommits(gitDirectory, [sha], { max: 1 });
    if (commit === undefined) throw new Error(`no commit ${sha}`);
    return commit;
  });
}

const counts = rememberFacts<number>(5_000);

/** Commits that `head` has and `base` has not. */
export function countCommits(gitDirectory: string, base: string, head: string): Promise<number> {
  return counts(gitDirectory, [base, head], async () =>
    Number(await gitText(gitDirectory, ['rev-list', '--count', '--end-of-options', head, `^${base}`, '--'])),
  );
}

export interface NewCommit {
  tree: string;
  parents: readonly string[];
  message: string;
  author: Person;
  committer: Person;
}

/** @returns the new commit's sha. */
export async function writeCommit(gitDirectory: string, commit: NewCommit): Promise<string> {
  const args = ['commit-tree', commit.tree, ...commit.parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
  return gitText(gitDirectory, args, {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: commit.author.date,
      GIT_COMMITTER_NAME: commit.committer.name,
      GIT_COMMITTER_EMAIL: commit.committer.email,
      GIT_COMMITTER_DATE: commit.committer.date,
    },
  });
}
