import { EffectPending } from '../effects/effect-pending.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { TaskRun, WorkerContext } from './context.ts';
import { endOf } from './end-of-task.ts';
import { openRun } from './open-run.ts';
import { runTask } from './run-task.ts';
import { sweepWorkspace } from './sweep-workspace.ts';

/**
 * The engine's handler for one claimed task: carries it out and settles it. `signal` aborts on cancel and drain.
 * Never throws for what a task can meet; a lost fence ends it without another write.
 */
export async function workTask(context: WorkerContext, task: TaskRow & Lease, signal: AbortSignal): Promise<void> {
  const limit = new AbortController();
  let run: TaskRun | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    run = await openRun(context, task, AbortSignal.any([signal, limit.signal]));
    timer = setTimeout(() => limit.abort(), run.fleet.plan.workflow.limits.taskTimeoutMs);
    const end = await runTask(run);
    await context.store.write((tx) => tx.tasks.end(task, end, context.clock.now()));
    await sweepWorkspace(context, task, end);
  } catch (error) {
    await settle(context, task, error, { timedOut: limit.signal.aborted, stopped: signal.aborted });
  } finally {
    clearTimeout(timer);
  }
}

async function settle(
  context: WorkerContext,
  task: TaskRow & Lease,
  error: unknown,
  stop: { timedOut: boolean; stopped: boolean },
): Promise<void> {
  if (error instanceof FenceLost) {
    context.log.warn({ task: task.id }, 'the task is another worker’s now');
    return;
  }
  const now = context.clock.now();
  try {
    if (error instanceof EffectPending) {
      await context.store.write((tx) => tx.tasks.requeue(task, error.message, error.notBefore, now));
      return;
    }
    const { cancelRequested } = await context.store.write((tx) => tx.tasks.check(task));
    if (stop.stopped && !cancelRequested) {
      await context.store.write((tx) => tx.tasks.requeue(task, 'The server is stopping.', now, now));
      return;
    }
    const end = endOf(error, { ...stop, cancelRequested });
    if (end.status === 'failed' && end.category === 'internal') {
      context.log.error({ task: task.id, err: error }, 'a task met an internal error');
    }
    await context.store.write((tx) => tx.tasks.end(task, end, now));
    await sweepWorkspace(context, task, end);
  } catch (failure) {
    if (!(failure instanceof FenceLost)) throw failure;
  }
}
