import { TaskFailure } from '../core/failures.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { TaskRun } from './context.ts';
import { tellPullRequest } from './open-pull-request.ts';
import { publish } from './publish.ts';
import { requirePermission } from './require-permission.ts';

/**
 * Goes on where a task stopped that had begun to publish. With its pull request already intended, nothing is asked or
 * read first: when many wait for GitHub's limits, every request that is not the awaited one would be wasted.
 */
export async function resumePublication(run: TaskRun): Promise<TaskEnd> {
  const { context, task } = run;
  const intended = (await context.store.read.effects.ofTask(task.id)).findLast(
    ({ key, request }) =>
      key.startsWith(`pull_request:${task.id}:${task.attempt}:`) &&
      (request.kind === 'pull_request' || request.kind === 'pull_request_edit'),
  );
  if (intended !== undefined) return tellPullRequest(run, await context.effects.perform(intended));

  const workspace = await context.workspaces.reopen(run.workspaceRequest);
  if (workspace === undefined) {
    throw new TaskFailure('internal', 'The workspace is gone although the task was not published yet.');
  }
  await requirePermission(run);
  const open = { ...run, workspace };
  return publish(open, await context.workspaces.snapshot(workspace, { signal: run.signal }));
}
