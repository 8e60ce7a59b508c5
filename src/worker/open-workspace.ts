import type { Workspace } from '../ports/workspace.ts';
import type { TaskRun } from './context.ts';

/** A fresh clone at the base's current commit, recorded with the task. */
export async function openWorkspace(run: TaskRun): Promise<Workspace> {
  const { context, task } = run;
  const workspace = await context.workspaces.prepare(run.workspaceRequest, { signal: run.signal });
  await context.store.write((tx) =>
    tx.tasks.recordWorkspace(task, {
      workspace: workspace.path,
      baseBranch: workspace.baseBranch,
      baseSha: workspace.baseSha,
    }),
  );
  return workspace;
}
