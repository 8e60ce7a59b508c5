import { guardChange } from '../core/guards.ts';
import type { Snapshot } from '../ports/workspace.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { OpenRun, TaskRun } from './context.ts';
import { guardSecrets } from './guard-secrets.ts';
import { tellPullRequest } from './open-pull-request.ts';
import { publish } from './publish.ts';
import { publishWithoutWorkspace } from './publish-without-workspace.ts';
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
  await requirePermission(run);
  if (workspace === undefined) return publishWithoutWorkspace(run);
  const open = { ...run, workspace };
  return publish(open, await guardedChange(open));
}

/**
 * What was guarded when the task began to publish, read from objects that nothing of the workflow can reach: a process that
 * a command left behind can have changed the work tree since.
 */
async function guardedChange(run: OpenRun): Promise<Snapshot> {
  const { context, fleet, task, workspace } = run;
  const tree = task.publishingTree;
  if (tree !== null)
    return { tree, changes: await context.workspaces.changes(workspace, tree), refused: [], contents: new Map() };
  // It began in a version that did not write the tree down.
  const snapshot = await context.workspaces.snapshot(workspace, { signal: run.signal });
  guardChange(snapshot, fleet.plan.changeLimits);
  await guardSecrets(run, snapshot);
  return snapshot;
}
