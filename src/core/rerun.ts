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
  /** Branch that it is to be merged into. */
  base: string;
  /** undefined: GitHub does not say; counted as a person, which is the careful reading. */
  closedByBot: boolean | undefined;
}

export interface RerunFacts {
  base: { branch: string; sha: string; tree: string };
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
  const opened = facts.pulls.filter((pull) => pull.state === 'open');
  // A person may have opened another one from our branch, say a backport; only ours is updated.
  const open = opened.find((pull) => pull.base === base.branch) ?? opened[0] ?? null;
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
  if (head.commits.length === 0) return ours.has(head.sha);
  const onBranch = new Map(head.commits.map((commit) => [commit.sha, commit]));
  const accepted = new Set<string>();
  // Parents come after their children here; the other way round every parent is judged before it is needed.
  for (const { sha, parents } of head.commits.toReversed()) {
    const merges = parents.length > 1 && parents.some((parent) => accepted.has(parent));
    const clean = parents.every((parent) => accepted.has(parent) || !onBranch.has(parent));
    if (!ours.has(sha) && !(merges && clean)) return false;
    accepted.add(sha);
  }
  return accepted.has(head.sha);
}
