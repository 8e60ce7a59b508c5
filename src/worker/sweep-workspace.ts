import type { Lease } from '../store/contract/lease.ts';
import type { TaskEnd, TaskRow } from '../store/contract/tasks.ts';
import type { WorkerContext } from './context.ts';

/** Removes the workspace of a settled task unless the operator keeps it or it can be published; a leftover is logged, never a failure. */
export async function sweepWorkspace(
  context: Pick<WorkerContext, 'store' | 'workspaces' | 'clock' | 'log' | 'keepWorkspaces'>,
  task: TaskRow & Lease,
  end: TaskEnd,
): Promise<void> {
  if (context.keepWorkspaces === 'all' || isPrepared(end)) return;
  if (context.keepWorkspaces === 'failed' && end.status !== 'completed') return;
  const { fleetId, id: taskId, repositoryId, repository: folder } = task;
  try {
    const { store, clock } = context;
    const forget = () => store.write((tx) => tx.tasks.forgetWorkspace(task, false, clock.now()));
    await context.workspaces.remove({ fleetId, taskId, repositoryId, folder }, forget, { keep: true });
  } catch (error) {
    context.log.warn({ task: task.id, err: error }, 'a workspace could not be removed');
  }
}

/** Whatever the operator keeps: `/fleet publish` needs it. */
const isPrepared = (end: TaskEnd): boolean => end.status === 'completed' && end.outcome === 'prepared';
