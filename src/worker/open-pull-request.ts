import { type FailureCategory, TaskFailure } from '../core/failures.ts';
import type { PublishedPull } from '../core/rerun.ts';
import { refusalStatus } from '../effects/refusal-status.ts';
import type { EffectRequest, EffectRow } from '../store/contract/effects.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { OpenRun, TaskRun } from './context.ts';
import { decorate } from './decorate-pull-request.ts';
import { describePullRequest } from './describe-pull-request.ts';
import { requireEntered } from './require-entered.ts';
import { withdrawBranch } from './withdraw-branch.ts';

/**
 * Creates the pull request of `head`, or updates the open one; from here on the task finishes it, whoever cancels.
 * Throws TaskCancelled or TaskPaused when that came first, TaskFailure, EffectPending when it has to wait.
 */
export async function openPullRequest(
  run: OpenRun,
  { tree, head }: { tree: string; head: string },
  pull: PublishedPull | null,
): Promise<TaskEnd> {
  const { context, task, workspace } = run;
  requireEntered(await context.store.write((tx) => tx.tasks.enterPublishing(task, tree, context.clock.now())));
  return performPullRequest(run, { head, base: workspace.baseBranch }, pull);
}

/** The same for a task that has begun to publish; needs no workspace. */
export async function performPullRequest(
  run: TaskRun,
  { head, base }: { head: string; base: string },
  pull: Pick<PublishedPull, 'number'> | null,
): Promise<TaskEnd> {
  const { context, fleet, task } = run;
  const settled = await context.effects.perform({
    key: `pull_request:${task.id}:${task.attempt}:${head}`,
    installationId: fleet.installationId,
    fleetId: fleet.id,
    taskId: task.id,
    request: await requestFor(run, base, pull),
  });
  return tellPullRequest(run, settled);
}

async function requestFor(
  run: TaskRun,
  base: string,
  pull: Pick<PublishedPull, 'number'> | null,
): Promise<EffectRequest> {
  const { fleet, task } = run;
  const repository = run.repository.fullName;
  const { title, body } = await describePullRequest(run);
  if (pull !== null) {
    return { kind: 'pull_request_edit', repository, number: pull.number, title, body };
  }
  return {
    kind: 'pull_request',
    repository,
    repositoryId: task.repositoryId,
    title,
    body,
    head: fleet.branch,
    base,
    draft: fleet.plan.flags.draft || fleet.plan.workflow.pullRequest.draft,
  };
}

/** How the task ends, once GitHub answered. A refused one leaves no branch behind that nothing shows. */
export async function tellPullRequest(run: TaskRun, settled: EffectRow): Promise<TaskEnd> {
  if (settled.state === 'refused') {
    const reason = `The pull request could not be made: ${settled.error ?? 'GitHub gave no reason'}`;
    // Where GitHub says that there is one, it is not ours to close by deleting its branch.
    const exists = /already exists/i.test(settled.error ?? '');
    const category = categoryOf(settled);
    if (settled.request.kind !== 'pull_request' || exists) throw new TaskFailure(category, reason);
    throw new TaskFailure(category, `${reason} ${await withdrawBranch(run)}`);
  }
  const { number, url } = settled.result ?? {};
  if (number == null || url == null) throw new Error(`Effect ${settled.id} is ${settled.state} without a pull request`);
  const warnings = await decorate(run, number);
  return { status: 'completed', outcome: 'changed', reason: null, pullRequest: { number, url }, warnings };
}

/** GitHub looks at the token and at the repository before it looks at a pull request: these say nothing of it. */
function categoryOf(refused: EffectRow): FailureCategory {
  switch (refusalStatus(refused)) {
    case 401:
    case 403:
      return 'permission';
    case 404:
    case 410:
      return 'not_found';
    default:
      return 'pull_request';
  }
}
