import { guardChange } from '../core/guards.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { TaskEnd, TaskJournal, TaskRow } from '../store/contract/tasks.ts';
import type { TaskRun, WorkerContext } from './context.ts';
import { guardSecrets } from './guard-secrets.ts';
import { PatchOutdated } from './patch-outdated.ts';
import { publish } from './publish.ts';
import { requirePermission } from './require-permission.ts';

/** Where the task stands that a preview prepared and that is to be published; null: it is no such task, or runs again. */
export async function preparedJournal({
  context,
  task,
}: {
  context: WorkerContext;
  task: TaskRow;
}): Promise<TaskJournal | null> {
  if (!task.publishAsked || task.journal === null) return null;
  // A journal of a later attempt is in the middle of its nodes.
  const patch = await context.store.read.patches.get(task.id, task.attempt);
  return patch === undefined ? null : task.journal;
}

/**
 * Pushes exactly what the preview prepared; no node runs. Throws PatchOutdated where that cannot be, as the base has
 * moved or the workspace is not what it was.
 */
export async function publishPrepared(run: TaskRun, journal: TaskJournal): Promise<TaskEnd> {
  await requireBase(run);
  const open = { ...run, workspace: await reopened(run, journal.tree) };
  const snapshot = await run.context.workspaces.snapshot(open.workspace, { signal: run.signal });
  if (snapshot.tree !== journal.tree) throw new PatchOutdated(WORKSPACE_LOST);
  guardChange(snapshot, run.fleet.plan.changeLimits);
  await guardSecrets(open, snapshot);

  await requirePermission(open);
  return publish(open, snapshot);
}

export const WORKSPACE_LOST = 'The workspace of the preview is gone or is not what it was';

async function requireBase({ context, fleet, task, repository, workspaceRequest }: TaskRun): Promise<void> {
  const base = workspaceRequest.baseBranch ?? workspaceRequest.defaultBranch;
  const head =
    base === task.baseBranch
      ? await context.github.writes(fleet.installationId).branchHead(repository.fullName, base)
      : undefined;
  if (head !== task.baseSha) throw new PatchOutdated('Its base moved since the preview');
}

async function reopened(run: TaskRun, tree: string): Promise<Workspace> {
  const workspace = await run.context.workspaces.reopen(run.workspaceRequest);
  if (workspace === undefined || workspace.baseSha !== run.task.baseSha) throw new PatchOutdated(WORKSPACE_LOST);
  // A fault of this machine is no reason to run again and push what nobody has read.
  const restored = await run.context.workspaces.restore(workspace, tree, { signal: run.signal });
  if (!restored) throw new PatchOutdated(WORKSPACE_LOST);
  return workspace;
}
