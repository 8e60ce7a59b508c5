import { TaskFailure } from '../core/failures.ts';
import { EffectPending } from '../effects/effect-pending.ts';
import { GitHubError } from '../ports/github-reads.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import { DISK_PAUSE_MS, isPatient, type TaskRow } from '../store/contract/tasks.ts';
import type { WorkerContext } from './context.ts';
import { isDiskFull } from './disk-full.ts';
import { endOf } from './end-of-task.ts';
import { askAgainAt, isLimited } from './github-limit.ts';
import { PatchOutdated } from './patch-outdated.ts';
import { preparedJournal } from './publish-prepared.ts';
import { sweepWorkspace } from './sweep-workspace.ts';
import { TaskDrained } from './task-drained.ts';
import { TaskParked } from './task-parked.ts';
import { TaskPaused } from './task-paused.ts';
import { TaskWaiting } from './task-waiting.ts';
import { WorkspaceLost } from './workspace-lost.ts';

interface Stop {
  timedOut: boolean;
  stopped: boolean;
}

/** To wait for a person, back to the queue where waiting helps, else the end that fits the error. A lost fence writes nothing. */
export async function settleStopped(
  context: WorkerContext,
  task: TaskRow & Lease,
  error: unknown,
  stop: Stop,
): Promise<void> {
  try {
    if (error instanceof FenceLost) throw error;
    const { cancelRequested } = await context.store.write((tx) => tx.tasks.check(task));
    if (error instanceof TaskWaiting) {
      await context.store.write((tx) => tx.tasks.park(task, context.clock.now()));
      return;
    }
    if (error instanceof WorkspaceLost && !cancelRequested) {
      await context.store.write((tx) => tx.tasks.beginAgain(task, error.message, context.clock.now()));
      return;
    }
    if (error instanceof PatchOutdated && !cancelRequested) {
      await context.store.write((tx) => tx.tasks.prepareAgain(task, error.message, context.clock.now()));
      return;
    }
    if (isDiskFull(error) && !cancelRequested) {
      context.log.error({ task: task.id, err: error }, 'the disk is full: the task waits for room');
      const now = context.clock.now();
      await context.store.write((tx) => tx.tasks.waitForDisk(task, now + DISK_PAUSE_MS, now));
      return;
    }
    const wait = cancelRequested ? null : await waitFor(context, task, error, stop);
    if (wait !== null) await requeue(context, task, wait, error);
    else await end(context, task, error, { ...stop, cancelRequested });
  } catch (failure) {
    if (!(failure instanceof FenceLost)) throw failure;
    context.log.warn({ task: task.id }, 'the task is another worker’s now');
  }
}

/** Until when, and why; null: waiting does not help. */
async function waitFor(
  context: WorkerContext,
  task: TaskRow,
  error: unknown,
  stop: Stop,
): Promise<{ reason: string; until: number } | null> {
  const now = context.clock.now();
  if (error instanceof EffectPending) return { reason: error.message, until: error.notBefore };
  if (isLimited(error)) return { reason: error.message, until: askAgainAt(error, now) };
  if (error instanceof TaskPaused || error instanceof TaskDrained) return { reason: error.message, until: now };
  if (stop.stopped) return { reason: new TaskDrained().message, until: now };
  const current = await context.store.read.tasks.get(task.id);
  const since = current === undefined ? null : await publishesSince(context, current);
  const patient = isPatient(since, now);
  if (patient && error instanceof TaskParked) return { reason: error.message, until: error.notBefore };
  if (patient && isOutOfReach(error)) return { reason: error.message, until: now + context.lookAgainMs };
  return null;
}

/** Also before it begins to publish what a preview prepared: its end would throw away what people have reviewed. */
async function publishesSince(context: WorkerContext, task: TaskRow): Promise<number | null> {
  if (task.publishingAt !== null) return task.publishingAt;
  return (await preparedJournal({ context, task })) === null ? null : task.startedAt;
}

function isOutOfReach(error: unknown): error is GitHubError | TaskFailure {
  if (error instanceof GitHubError) return error.kind === 'unknown';
  return error instanceof TaskFailure && error.category === 'network';
}

async function requeue(
  context: WorkerContext,
  task: TaskRow & Lease,
  wait: { reason: string; until: number },
  error: unknown,
): Promise<void> {
  const fleet = isLimited(error) ? await context.store.read.fleets.get(task.fleetId) : undefined;
  await context.store.write(async (tx) => {
    // Every other task of the installation would meet the same limit.
    if (fleet !== undefined) await tx.budget.close(fleet.installationId, wait.until);
    const now = context.clock.now();
    if (isLimited(error)) await tx.tasks.waitForLimit(task, wait.reason, wait.until, now);
    else await tx.tasks.requeue(task, wait.reason, wait.until, now);
  });
}

async function end(
  context: WorkerContext,
  task: TaskRow & Lease,
  error: unknown,
  stop: { timedOut: boolean; cancelRequested: boolean },
): Promise<void> {
  const ended = endOf(error, stop);
  if (ended.status === 'failed' && ended.category === 'internal') {
    context.log.error({ task: task.id, err: error }, 'a task met an internal error');
  }
  await context.store.write((tx) => tx.tasks.end(task, ended, context.clock.now()));
  await sweepWorkspace(context, task, ended);
}
