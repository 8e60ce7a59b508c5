import type { Lease } from '../store/contract/lease.ts';
import type { TaskEnd, TaskRow } from '../store/contract/tasks.ts';
import type { WorkerContext } from './context.ts';
import { openRun } from './open-run.ts';
import { runTask } from './run-task.ts';
import { settleStopped } from './settle-stopped.ts';
import { sweepWorkspace } from './sweep-workspace.ts';

/**
 * The engine's handler for one claimed task: carries it out and settles it. `signal` aborts on cancel and drain.
 * Never throws for what a task can meet; a lost fence ends it without another write.
 */
export async function workTask(context: WorkerContext, task: TaskRow & Lease, signal: AbortSignal): Promise<void> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const run = await openRun(context, task, AbortSignal.any([signal, limit.signal]));
    const left = run.fleet.plan.workflow.limits.taskTimeoutMs - (task.journal?.ranMs ?? 0);
    timer = setTimeout(() => limit.abort(), Math.max(0, left));
    const end = tellRerun(await runTask(run), task.ranAgain);
    await context.store.write((tx) => tx.tasks.end(task, end, context.clock.now()));
    await sweepWorkspace(context, task, end);
  } catch (error) {
    await settleStopped(context, task, error, { timedOut: limit.signal.aborted, stopped: signal.aborted });
  } finally {
    clearTimeout(timer);
  }
}

/** A person who asked for exactly the patches of a preview has to know where another one was pushed. */
function tellRerun(end: TaskEnd, ranAgain: string | null): TaskEnd {
  if (end.status !== 'completed' || ranAgain === null) return end;
  return { ...end, reason: end.reason === null ? ranAgain : `${ranAgain} ${end.reason}` };
}
