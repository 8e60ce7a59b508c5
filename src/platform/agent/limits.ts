import { after } from '../process/deadline.ts';

type Stop = 'timed_out' | 'idle' | 'cancelled' | 'over_budget';

/** Why a run has to stop before it ended by itself. */
export interface Limits {
  /** A sign of life: the idle time starts again. */
  touch(): void;
  /** It has cost more than it may. */
  exceed(): void;
  /** The first reason; null while there is none. */
  stopped(): Stop | null;
  /** No limit applies any more. */
  end(): void;
}

/** Calls `onStop` at most once. Times are milliseconds on the monotonic clock. */
export function watchLimits(
  limits: { timeoutMs: number; idleTimeoutMs: number; signal: AbortSignal },
  onStop: () => void,
): Limits {
  let reason: Stop | null = null;
  let over = false;
  const stop = (why: Stop): void => {
    if (over || reason !== null) return;
    reason = why;
    onStop();
  };
  const onAbort = (): void => stop('cancelled');
  const cancelTimeout = after(limits.timeoutMs, () => stop('timed_out'));
  let cancelIdle = after(limits.idleTimeoutMs, () => stop('idle'));
  limits.signal.addEventListener('abort', onAbort, { once: true });
  return {
    touch() {
      if (over) return;
      cancelIdle();
      cancelIdle = after(limits.idleTimeoutMs, () => stop('idle'));
    },
    exceed: () => stop('over_budget'),
    stopped: () => reason,
    end() {
      over = true;
      cancelTimeout();
      cancelIdle();
      limits.signal.removeEventListener('abort', onAbort);
    },
  };
}
