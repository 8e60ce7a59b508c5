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
  const head = await writes.branchHead(repository.fullName, fleet.branch);
  const pulls = await writes.pullRequests(repository.fullName, fleet.branch);
  const pushes = await context.store.read.pushes.ofBranch(task.repositoryId, fleet.branch);
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
