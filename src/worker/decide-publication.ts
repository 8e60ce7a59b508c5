import { TaskFailure } from '../core/failures.ts';
import { decideRerun, type PublishedPull, type RerunDecision } from '../core/rerun.ts';
import type { PullRequest } from '../ports/github-writes.ts';
import type { Snapshot } from '../ports/workspace.ts';
import type { OpenRun } from './context.ts';

export type Publication = Exclude<RerunDecision, { action: 'diverged' }>;

/**
 * Looks at the branch and its pull requests and applies the rerun table. Throws TaskFailure `branch_diverged`.
 * @param look.again the branch was not where an earlier look saw it
 */
export async function decidePublication(
  run: OpenRun,
  snapshot: Snapshot,
  look: { again: boolean },
): Promise<Publication> {
  const { context, fleet, task, workspace } = run;
  const pushes = await context.store.read.pushes.ofBranch(task.repositoryId, fleet.branch);
  const { head, pulls } = isUntouched(run, pushes, look) ? { head: undefined, pulls: [] } : await lookAt(run);
  const decision = decideRerun({
    base: { branch: workspace.baseBranch, sha: workspace.baseSha, tree: workspace.baseTree },
    tree: snapshot.tree,
    head: head === undefined ? null : { sha: head, ...(await context.workspaces.inspect(workspace, head)) },
    ours: new Set(pushes.map(({ sha }) => sha)),
    pulls: pulls.filter((pull) => pull.headRepositoryId === task.repositoryId).map(published),
    again: fleet.plan.flags.again,
  });
  if (decision.action === 'diverged') {
    throw new TaskFailure(
      'branch_diverged',
      `The branch ${fleet.branch} is at ${decision.head.slice(0, 10)}, which holds what Flotilla did not push; nothing was overwritten.`,
    );
  }
  return decision;
}

function published(pull: PullRequest): PublishedPull {
  const { number, url, state, merged, base, closedBy } = pull;
  return { number, url, state, merged, base, closedByBot: closedBy === null ? undefined : closedBy.type === 'Bot' };
}

async function lookAt({ context, fleet, repository }: OpenRun) {
  const writes = context.github.writes(fleet.installationId);
  const head = await writes.branchHead(repository.fullName, fleet.branch);
  return { head, pulls: await writes.pullRequests(repository.fullName, fleet.branch) };
}

const HOLDS_MS = 10 * 60_000;

/**
 * Whether this worker saw a few minutes ago that there is neither the branch nor a pull request of that name, and nobody here
 * ever pushed it. Then the push is the look: it expects that there is no branch, and where there is one, all is looked at again.
 */
function isUntouched(
  { context, task, workspace, facts, claimedAt }: OpenRun,
  pushes: readonly unknown[],
  { again }: { again: boolean },
): boolean {
  // With a journal the clone is an earlier worker's, and so is what it saw.
  if (again || task.journal !== null || pushes.length > 0) return false;
  return context.clock.now() - claimedAt <= HOLDS_MS && workspace.branchHead === null && facts.proposed === false;
}
