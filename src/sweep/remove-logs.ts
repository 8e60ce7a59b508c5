import { isTaskId } from '../core/ids.ts';
import type { DiskLimits } from '../core/settings/types.ts';
import { isTerminal } from '../core/status.ts';
import type { LogFolder } from '../ports/node-logs.ts';
import type { SweepContext } from './context.ts';

export const LOGS_KEPT_MS = 30 * 24 * 60 * 60_000;
/** Of all tasks that have ended together; those that run are bounded by the limits of each log. */
export const LOGS_BYTES = 5 * 1024 ** 3;

type LogsContext = Pick<SweepContext, 'store' | 'logs' | 'clock' | 'log' | 'instruments'> & {
  limits: Pick<DiskLimits, 'retentionMs'>;
};

interface EndedLogs extends LogFolder {
  endedAt: number;
}

/** Thirty days of them are many folders, of which few change. */
const EVERY_MS = 60 * 60_000;

/**
 * Removes, once an hour, the logs of tasks that ended 30 days ago or that nobody knows, then the oldest ones as long as
 * those of all ended tasks together take more than 5 GiB.
 */
export function createRemoveLogs(context: LogsContext): () => Promise<void> {
  const { logs, clock, limits, instruments } = context;
  // Never before the workspace that they tell of.
  const keptMs = Math.max(LOGS_KEPT_MS, limits.retentionMs);
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    if (now - lookedAt < EVERY_MS) return;
    lookedAt = now;
    const kept: (EndedLogs & { bytes: number })[] = [];
    for (const folder of await endedLogs(context)) {
      if (folder.endedAt <= now - keptMs) await remove(context, folder);
      else kept.push({ ...folder, bytes: await logs.bytes(folder.path) });
    }
    let bytes = kept.reduce((sum, folder) => sum + folder.bytes, 0);
    for (const folder of kept.toSorted((a, b) => a.endedAt - b.endedAt)) {
      if (bytes <= LOGS_BYTES) break;
      await remove(context, folder);
      bytes -= folder.bytes;
    }
    instruments?.diskMeasured({ logs: bytes });
  };
}

async function endedLogs({ store, logs }: LogsContext): Promise<EndedLogs[]> {
  const ended: EndedLogs[] = [];
  for (const folder of await logs.list()) {
    // An operator may keep other things beside ours.
    if (!isTaskId(folder.taskId)) continue;
    const task = await store.read.tasks.get(folder.taskId);
    if (task === undefined || isTerminal(task.status))
      ended.push({ ...folder, endedAt: task?.endedAt ?? Number.NEGATIVE_INFINITY });
  }
  return ended;
}

async function remove({ logs, log }: LogsContext, { taskId, path }: LogFolder): Promise<void> {
  try {
    await logs.remove(path);
  } catch (error) {
    log.warn({ task: taskId, err: error }, 'the logs of a task could not be removed');
  }
}
