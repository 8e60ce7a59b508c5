/** Taking a fleet's pull requests back: what is meant by it, and what may be done to each. */
import type { TaskOutcome, TaskStatus } from './status.ts';

/**
 * Why a pull request was left as it is. moved: the branch has commits that we did not push. shared: another open pull
 * request shows the branch. taken: another fleet pushed to it, or has the pull request as its own result. reopened: by
 * somebody, after we had closed it. permission: the person whose permission counts can no longer write there. refused:
 * GitHub did, and said why. unreachable: GitHub did not answer for hours.
 */
export const KEPT_REASONS = [
  'merged',
  'moved',
  'shared',
  'taken',
  'reopened',
  'permission',
  'gone',
  'refused',
  'unreachable',
] as const;
export type KeptReason = (typeof KEPT_REASONS)[number];

/**
 * What is to be said of one that is closed. closed_before: by a person; its branch is deleted all the same. branch_left:
 * somebody committed to the branch in that moment, or GitHub did not let it go.
 */
export const UNDONE_REMARKS = ['closed_before', 'branch_left'] as const;
export type UndoneRemark = (typeof UNDONE_REMARKS)[number];

export type UndoState =
  | { state: 'requested' }
  | { state: 'undone'; remark: UndoneRemark | null }
  | { state: 'kept'; reason: KeptReason };

interface UndoableTask {
  id: string;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  pullRequest: object | null;
}

/**
 * Whether the task has a pull request that may still be open, as far as the rows know: whether it was merged shows only
 * when it is asked for. One that a person closed was declined and is not the fleet's any more.
 */
export function isUndoable(task: UndoableTask, asked: UndoState | undefined): boolean {
  if (!leftPullRequest(task)) return false;
  if (asked === undefined) return true;
  // What stood in the way of these can be over by now.
  return asked.state === 'kept' && asked.reason !== 'merged' && asked.reason !== 'gone';
}

export function leftPullRequest({ status, outcome, pullRequest }: UndoableTask): boolean {
  return status === 'completed' && (outcome === 'changed' || outcome === 'unchanged') && pullRequest !== null;
}

export interface UndoFacts {
  /** The fleet's pull request. */
  number: number;
  /** Pull requests from its branch. */
  pulls: readonly {
    number: number;
    state: 'open' | 'closed';
    merged: boolean;
    closedBy: { login: string } | null;
  }[];
  /** The branch's head now; null: there is no such branch. */
  head: string | null;
  /** Commits that we pushed or meant to push there, by sha; `foreign`: for a fleet of another key, or a later one. */
  pushes: ReadonlyMap<string, { foreign: boolean }>;
  /** A later fleet found its own result in the pull request, and nobody undid it there. */
  taken: boolean;
  /** Login of our app's bot. */
  botLogin: string;
}

export type UndoDecision =
  | { action: 'keep'; reason: KeptReason }
  /** `head`: the branch's, to be deleted if it is still there; null: nothing to delete. */
  | { action: 'undo'; close: boolean; head: string | null; remark: UndoneRemark | null };

/** Closed and deleted is only what is certainly ours; what we closed ourselves before a crash is only finished. */
export function decideUndo({ number, pulls, head, pushes, taken, botLogin }: UndoFacts): UndoDecision {
  const pull = pulls.find((one) => one.number === number);
  if (pull === undefined) return { action: 'keep', reason: 'gone' };
  if (pull.merged) return { action: 'keep', reason: 'merged' };
  const close = pull.state === 'open';
  const byUs = !close && pull.closedBy?.login === botLogin;
  const remark = close || byUs ? null : 'closed_before';
  const reason = whyLeft(head, { others: pulls.filter((one) => one !== pull), pushes, taken });
  if (reason === null) return { action: 'undo', close, head, remark };
  return byUs ? { action: 'undo', close: false, head: null, remark: 'branch_left' } : { action: 'keep', reason };
}

/** null: the branch is ours to delete, or not there. */
function whyLeft(
  head: string | null,
  { others, pushes, taken }: Pick<UndoFacts, 'pushes' | 'taken'> & { others: UndoFacts['pulls'] },
): KeptReason | null {
  if (others.some(({ state }) => state === 'open')) return 'shared';
  if (taken) return 'taken';
  if (head === null) return null;
  const push = pushes.get(head);
  if (push === undefined) return 'moved';
  return push.foreign ? 'taken' : null;
}
