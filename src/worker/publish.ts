import { TaskFailure } from '../core/failures.ts';
import type { PublishedPull } from '../core/rerun.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { Snapshot } from '../ports/workspace.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import { claimBranch } from './claim-branch.ts';
import type { OpenRun, TaskRun } from './context.ts';
import { decidePublication, type Publication } from './decide-publication.ts';
import { categoryOfGitHub } from './end-of-task.ts';
import { openPullRequest } from './open-pull-request.ts';
import { push } from './push.ts';
import { withdrawBranch } from './withdraw-branch.ts';

const TRIES = 3;

/**
 * Applies the rerun table and does what it says. Whoever calls it again with the same workspace does what is left to
 * do: what was pushed is found on the branch, what was created by its effect's key.
 */
export async function publish(run: OpenRun, snapshot: Snapshot): Promise<TaskEnd> {
  try {
    return await decideAndPublish(run, snapshot);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.kind !== 'refused' || !(await mayHavePushed(run))) throw error;
    // Nobody comes back to a branch of which GitHub would not even tell where it is.
    throw new TaskFailure(categoryOfGitHub(error), `${error.message} ${await withdrawBranch(run)}`, { cause: error });
  }
}

async function mayHavePushed({ context, task }: OpenRun): Promise<boolean> {
  return (await context.store.read.pushes.ofTask(task.id)).some(({ state }) => state !== 'refused');
}

async function decideAndPublish(run: OpenRun, snapshot: Snapshot): Promise<TaskEnd> {
  const { tree } = snapshot;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const decision = await decidePublication(run, snapshot, { again: tries > 0 });
    if (decision.action === 'unchanged' || decision.action === 'declined') return nothingPushed(decision);
    await claimBranch(run, decision);
    if (decision.action === 'keep') {
      const pushedBefore = await confirmPush(run, decision.head);
      if (decision.pull === null || pushedBefore)
        return openPullRequest(run, { tree, head: decision.head }, decision.pull);
      return completed('changed', 'Already up to date; nothing was pushed.', decision.pull);
    }
    const head = await push(run, snapshot, decision.expected);
    if (head !== null) return openPullRequest(run, { tree, head }, decision.pull);
    // The branch moved between the look and the push: look again.
  }
  throw new TaskFailure(
    'branch_diverged',
    `The branch ${run.fleet.branch} kept moving while this task ran; nothing was overwritten.`,
  );
}

/** Whether this task itself pushed the head, before it had to wait or its process died; such a push has landed. */
export async function confirmPush({ context, task }: TaskRun, head: string): Promise<boolean> {
  const mine = (await context.store.read.pushes.ofTask(task.id)).filter(({ sha }) => sha === head);
  await context.store.write(async (tx) => {
    for (const { id, state } of mine) if (state !== 'pushed') await tx.pushes.settle(id, 'pushed', context.clock.now());
  });
  return mine.length > 0;
}

function nothingPushed(decision: Extract<Publication, { action: 'unchanged' | 'declined' }>): TaskEnd {
  if (decision.action === 'declined') {
    return completed('declined', 'A person closed this pull request; `--again` proposes it once more.', decision.pull);
  }
  return decision.obsolete === null
    ? completed('unchanged', null, null)
    : completed('unchanged', 'Its open pull request is obsolete: there is no diff any more.', decision.obsolete);
}

function completed(
  outcome: 'changed' | 'unchanged' | 'declined',
  reason: string | null,
  pull: Pick<PublishedPull, 'number' | 'url'> | null,
): TaskEnd {
  const pullRequest = pull && { number: pull.number, url: pull.url };
  return { status: 'completed', outcome, reason, pullRequest, warnings: [] };
}
