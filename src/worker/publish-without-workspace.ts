import type { PullRequest } from '../ports/github-writes.ts';
import type { PushRow } from '../store/contract/pushes.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { TaskRun } from './context.ts';
import { performPullRequest } from './open-pull-request.ts';
import { PatchOutdated } from './patch-outdated.ts';
import { confirmPush } from './publish.ts';
import { preparedJournal, WORKSPACE_LOST } from './publish-prepared.ts';
import { TaskParked } from './task-parked.ts';
import { WorkspaceLost } from './workspace-lost.ts';

/**
 * For a task that had begun to publish and whose workspace is gone, as after a restored backup. Where the branch shows
 * that its push has landed, its pull request is all that is left to make, and no node runs again.
 * Throws WorkspaceLost, or PatchOutdated for what a preview prepared, where the task begins anew; TaskParked while a push
 * can still land; GitHubError.
 */
export async function publishWithoutWorkspace(run: TaskRun): Promise<TaskEnd> {
  const { context, fleet, task, repository } = run;
  const pushes = await pushesSince(run, task.publishingAt ?? 0);
  if (pushes.length === 0 || task.baseBranch === null) throw await beginsAnew(run);
  const writes = context.github.writes(fleet.installationId);
  const head = await writes.branchHead(repository.fullName, fleet.branch);
  if (head === undefined || !pushes.some(({ sha }) => sha === head)) {
    requireOver(run, pushes);
    throw await beginsAnew(run);
  }
  await confirmPush(run, head);
  const pulls = await writes.pullRequests(repository.fullName, fleet.branch);
  const ours = pulls.filter(({ headRepositoryId }) => headRepositoryId === task.repositoryId);
  // One of this very commit that was merged or closed: the rerun table judges it, which needs a workspace.
  if (ours.some((pull) => pull.state === 'closed' && pull.headSha === head)) throw await beginsAnew(run);
  return performPullRequest(run, { head, base: task.baseBranch }, openOne(ours, task.baseBranch));
}

/** Those of earlier attempts, and of what is to be published now, are told apart by their time alone. */
async function pushesSince({ context, task }: TaskRun, publishingAt: number): Promise<PushRow[]> {
  return (await context.store.read.pushes.ofTask(task.id)).filter(({ at }) => at >= publishingAt);
}

/** As the rerun table chooses: a person may have opened another one from our branch. */
function openOne(pulls: readonly PullRequest[], base: string): PullRequest | null {
  const open = pulls.filter(({ state }) => state === 'open');
  return open.find((pull) => pull.base === base) ?? open[0] ?? null;
}

/** A push whose process was killed can land seconds later; a task that began anew before that could be cancelled beside it. */
function requireOver({ context }: TaskRun, pushes: readonly PushRow[]): void {
  const until = Math.max(
    ...pushes.flatMap(({ state, at }) => (state === 'intended' ? [at + context.lookAgainMs] : [0])),
  );
  if (until > context.clock.now())
    throw new TaskParked('Its workspace is gone, and its push may still land; the branch is looked at again.', until);
}

async function beginsAnew(run: TaskRun): Promise<Error> {
  return (await preparedJournal(run)) === null ? new WorkspaceLost() : new PatchOutdated(WORKSPACE_LOST);
}
