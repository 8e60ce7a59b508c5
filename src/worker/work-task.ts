import { TaskFailure } from '../core/failures.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { TaskEnd, TaskRow } from '../store/contract/tasks.ts';
import type { WorkerContext } from './context.ts';
import { openRun } from './open-run.ts';
import { runTask } from './run-task.ts';
import { settleStopped } from './settle-stopped.ts';
import { sweepWorkspace } from './sweep-workspace.ts';

/**
 * The engine's handler for one claimed task: carries it out and settles it. `signal` aborts on cancel and when a drain's
 * grace is over, `draining` when the drain begins.
 * Never throws for what a task can meet; a lost fence ends it without another write.
 */
export async function workTask(
  context: WorkerContext,
  task: TaskRow & Lease,
  signal: AbortSignal,
  draining: AbortSignal,
): Promise<void> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const run = await openRun(context, task, { signal: AbortSignal.any([signal, limit.signal]), draining });
    const left = run.fleet.plan.workflow.limits.taskTimeoutMs - (task.journal?.ranMs ?? 0);
    timer = setTimeout(() => limit.abort(), Math.max(0, left));
    const end = tellRerun(await runTask(run), task.ranAgain);
    await context.store.write((tx) => tx.tasks.end(task, end, context.clock.now()));
    await sweepWorkspace(context, task, end);
  } catch (error) {
    // Somebody outside found that it may not go on; what stopped because of that says nothing of its own.
    const refused = await refusalOf(context, task, signal);
    const stop = { timedOut: limit.signal.aborted, stopped: signal.aborted && refused === null };
    await settleStopped(context, task, refused ?? error, stop);
  } finally {
    clearTimeout(timer);
  }
}

/** null: none, or too late: from its push on a task finishes its pull request. */
async function refusalOf(context: WorkerContext, task: Lease, { reason }: AbortSignal): Promise<TaskFailure | null> {
  if (!(reason instanceof TaskFailure)) return null;
  const stored = await context.store.read.tasks.get(task.id);
  return stored?.publishingAt === null ? reason : null;
}

/** A person who asked for exactly the patches of a preview has to know where another one was pushed. */
function tellRerun(end: TaskEnd, ranAgain: string | null): TaskEnd {
  if (end.status !== 'completed' || ranAgain === null) return end;
  return { ...end, reason: end.reason === null ? ranAgain : `${ranAgain} ${end.reason}` };
}
