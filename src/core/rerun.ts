/** What a task does with its result, given what is already on its branch: the rerun table of the product. */

interface BranchHead {
  sha: string;
  tree: string;
  /** Where it left the current base; null: unrelated histories. */
  mergeBase: string | null;
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
  /** Pull requests from this branch, whatever they are to be merged into, newest first. */
  pulls: readonly PublishedPull[];
  /** `--again`: a pull request that a person closed is proposed once more. */
  again: boolean;
}

export type RerunDecision =
  /** No diff; `obsolete` is an open pull request that is left alone. */
  | { action: 'unchanged'; obsolete: PublishedPull | null }
  | { action: 'declined'; pull: PublishedPull }
  | { action: 'diverged'; head: string }
  /** The branch already holds exactly this; `pull` null: only the pull request is missing. */
  | { action: 'keep'; head: string; pull: PublishedPull | null }
  /** Push over `expected` (null: the branch must not exist), then update `pull` or create one. */
  | { action: 'push'; expected: string | null; pull: PublishedPull | null };

export function decideRerun(facts: RerunFacts): RerunDecision {
  const { base, head, tree, ours } = facts;
  const open = facts.pulls.find((pull) => pull.state === 'open') ?? null;
  if (tree === base.tree) return { action: 'unchanged', obsolete: open };

  const newest = facts.pulls[0];
  const closedByPerson = newest?.state === 'closed' && !newest.merged && newest.closedByBot !== true;
  if (open === null && newest && closedByPerson && !facts.again) return { action: 'declined', pull: newest };

  if (head === null) return { action: 'push', expected: null, pull: open };
  if (!holdsOnlyOurs(head, ours)) return { action: 'diverged', head: head.sha };
  if (ours.has(head.sha) && head.mergeBase === base.sha && head.tree === tree) {
    return { action: 'keep', head: head.sha, pull: open };
  }
  return { action: 'push', expected: head.sha, pull: open };
}

/**
 * Whether the head is a commit that we pushed, or merges of the base on top of one. A head that we never pushed is
 * somebody else's branch, also when the base has all of its commits: it could be the default branch itself.
 */
function holdsOnlyOurs(head: BranchHead, ours: RerunFacts['ours']): boolean {
  const onBranch = new Map(head.commits.map((commit) => [commit.sha, commit]));
  const verdicts = new Map<string, 'ours' | 'base' | 'foreign'>();
  const verdictOn = (sha: string): 'ours' | 'base' | 'foreign' => {
    const known = verdicts.get(sha);
    if (known !== undefined) return known;
    const commit = onBranch.get(sha);
    const verdict = ours.has(sha)
      ? 'ours'
      : commit === undefined
        ? 'base'
        : verdictOnMerge(commit.parents.map(verdictOn));
    verdicts.set(sha, verdict);
    return verdict;
  };
  return head.commits.every(({ sha }) => verdictOn(sha) === 'ours') && verdictOn(head.sha) === 'ours';
}

function verdictOnMerge(parents: readonly ('ours' | 'base' | 'foreign')[]): 'ours' | 'foreign' {
  const merges = parents.length > 1 && parents.includes('ours') && !parents.includes('foreign');
  return merges ? 'ours' : 'foreign';
}
