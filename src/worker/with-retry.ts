import { FAILURES } from '../core/failures.ts';
import type { Retry } from '../core/workflow/types.ts';
import type { OpenRun } from './context.ts';
import { type NodeResult, withEarlier } from './node-result.ts';

/** Tries again after a failure that may pass, waiting twice as long each time. The work tree stays as the try left it. */
export async function withRetry(
  run: OpenRun,
  retry: Retry | null,
  tryOnce: (tryNumber: number) => Promise<NodeResult>,
): Promise<NodeResult> {
  let result = await tryOnce(1);
  for (let tries = 1; retry !== null && tries < retry.maxAttempts && mayPass(result, retry); tries += 1) {
    if (run.signal.aborted) break;
    await run.context.pause(retry.delayMs * 2 ** (tries - 1), run.signal);
    if (run.signal.aborted) break;
    const next = await tryOnce(tries + 1);
    result = withEarlier(result, next);
  }
  return result;
}

function mayPass({ status, category }: NodeResult, { onError }: Retry): boolean {
  // What was spent does not come back.
  if (status !== 'failed' || category === 'budget') return false;
  return onError === 'all' || (category !== null && FAILURES[category].retryable);
}
