/** What a task does with its result, given what is already on its branch: the rerun table of the product. */

interface BranchHead {
  sha: string;
  tree: string;
  /** Commits of the branch that the current base does not have. */
  commits: readonly { sha: string; parents: readonly string[] }[];
}

export interface PublishedPull {
  number: number;
  url: string;
  state: 'open' | 'closed';
  merged: boolean;
  /** undefined: GitHub does not say; counted as a person, which is the careful reading. */
  closedByBot: boolean | undefined;
}

export interface RerunFacts {
  base: { sha: string; tree: string };
  /** The tree that the workflow made. */
  tree: string;
  /** null: the branch does not exist. */
  head: BranchHead | null;
  /** Every commit that we ever meant to push to this branch. */
  ours: ReadonlySet<string>;
  /** Pull requests from this branch into this base, newest first. */
  pulls: readonly PublishedPull[];
  /** `--again`: a pull request that a person closed is proposed once more. */
  again: boolean;
}

export type RerunDecision =
  /** No diff; `obsolete` is an open pull request that is left alone. */
  | { action: 'unchanged'; obsolete: PublishedPull | null }
  | { action: 'declined'; pull: PublishedPull }
  | { action: 'diverged'; head: string; foreign: readonly string[] }
  /** The branch already holds exactly this; `pull` null: only the pull request is missing. */
  | { action: 'keep'; head: string; pull: PublishedPull | null }
  /** Push over `expected` (null: the branch must not exist), then update `pull` or create one. */
  | { action: 'push'; expected: string | null; pull: PublishedPull | null };

export function decideRerun(facts: RerunFacts): RerunDecision {
  const open = facts.pulls.find((pull) => pull.state === 'open') ?? null;
  if (facts.tree === facts.base.tree) return { action: 'unchanged', obsolete: open };

  const newest = facts.pulls[0];
  const closedByPerson = newest?.state === 'closed' && !newest.merged && newest.closedByBot !== true;
  if (open === null && newest && closedByPerson && !facts.again) return { action: 'declined', pull: newest };

  if (facts.head === null) return { action: 'push', expected: null, pull: open };
  const foreign = foreignCommits(facts.head, facts.ours);
  if (foreign.length > 0) return { action: 'diverged', head: facts.head.sha, foreign };

  if (facts.ours.has(facts.head.sha) && isOnBase(facts.head, facts.base.sha) && facts.head.tree === facts.tree) {
    return { action: 'keep', head: facts.head.sha, pull: open };
  }
  return { action: 'push', expected: facts.head.sha, pull: open };
}

function isOnBase(head: BranchHead, base: string): boolean {
  return head.commits.some(({ sha, parents }) => sha === head.sha && parents.includes(base));
}

/** Commits that we did not push, merges that only bring in the base aside. */
function foreignCommits(head: BranchHead, ours: RerunFacts['ours']): string[] {
  const onBranch = new Map(head.commits.map((commit) => [commit.sha, commit]));
  const verdicts = new Map<string, boolean>();
  const isOurs = (sha: string): boolean => {
    const known = verdicts.get(sha);
    if (known !== undefined) return known;
    const commit = onBranch.get(sha);
    // A commit that the list lacks is one of the base's.
    const verdict =
      commit === undefined ||
      ours.has(sha) ||
      (commit.parents.length > 1 && commit.parents.every((parent) => isOurs(parent)));
    verdicts.set(sha, verdict);
    return verdict;
  };
  return head.commits.filter((commit) => !isOurs(commit.sha)).map((commit) => commit.sha);
}
