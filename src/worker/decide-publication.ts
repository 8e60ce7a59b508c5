import { TaskFailure } from '../core/failures.ts';
import { decideRerun, type PublishedPull, type RerunDecision } from '../core/rerun.ts';
import type { PullRequest } from '../ports/github-writes.ts';
import type { Snapshot } from '../ports/workspace.ts';
import type { OpenRun } from './context.ts';

export type Publication = Exclude<RerunDecision, { action: 'diverged' }>;

/** Looks at the branch and its pull requests and applies the rerun table. Throws TaskFailure `branch_diverged`. */
export async function decidePublication(run: OpenRun, snapshot: Snapshot): Promise<Publication> {
  const { context, fleet, task, workspace, repository } = run;
  const writes = context.github.writes(fleet.installationId);
  const pulls = await writes.pullRequests(repository.fullName, fleet.branch);
  const pushes = await context.store.read.pushes.ofBranch(task.repositoryId, fleet.branch);
  const head = workspace.branchHead;
  const decision = decideRerun({
    base: { sha: workspace.baseSha, tree: workspace.baseTree },
    tree: snapshot.tree,
    head: head === null ? null : { sha: head, ...(await context.workspaces.inspect(workspace, head)) },
    ours: new Set(pushes.map(({ sha }) => sha)),
    pulls: pulls.filter((pull) => isFromOurBranch(pull, task.repositoryId, workspace.baseBranch)).map(published),
    again: fleet.plan.flags.again,
  });
  if (decision.action === 'diverged') {
    const shown = decision.foreign.slice(0, 3).map((sha) => sha.slice(0, 10));
    throw new TaskFailure(
      'branch_diverged',
      `The branch ${fleet.branch} has commits that Flotilla did not make (${shown.join(', ')}); nothing was overwritten.`,
    );
  }
  return decision;
}

function isFromOurBranch(pull: PullRequest, repositoryId: number, base: string): boolean {
  return pull.headRepositoryId === repositoryId && pull.base === base;
}

function published(pull: PullRequest): PublishedPull {
  const { number, url, state, merged, closedBy } = pull;
  return { number, url, state, merged, closedByBot: closedBy === null ? undefined : closedBy.type === 'Bot' };
}
