import type { OpenRun } from '../context.ts';
import { failed, NOTHING_RAN, type NodeResult } from '../node-result.ts';
import { TaskStopped } from '../task-cancelled.ts';

/** Stops a group of nodes when its time is over; the task itself goes on. */
export async function withinTime(
  run: OpenRun,
  timeoutMs: number,
  work: (bounded: OpenRun) => Promise<NodeResult>,
): Promise<NodeResult> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    return await work({ ...run, signal: AbortSignal.any([run.signal, limit.signal]) });
  } catch (error) {
    if (!(error instanceof TaskStopped) || run.signal.aborted || !limit.signal.aborted) throw error;
    return failed(NOTHING_RAN, 'timeout', `ran longer than ${timeoutMs / 1000} s.`);
  } finally {
    clearTimeout(timer);
  }
}
