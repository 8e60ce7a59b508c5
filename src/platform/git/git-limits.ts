import { after } from '../process/deadline.ts';
import { signalGroup } from '../process/signal-group.ts';

/** Between the polite signal and the one that cannot be ignored. */
const GRACE_MS = 2000;

export interface GitLimits {
  /** Why git was ended; null: it was not. */
  stopped(): 'timeout' | 'abort' | null;
  /** git ended and its pipes are closed: what is left of a git that was stopped is killed. */
  over(): void;
}

const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
});

/**
 * Ends a git that leads its own process group, with its helpers: one that outlives git keeps the pipes open,
 * and goes on writing into a mirror whose lock is free by then. None outlives this process's own end.
 */
export function limitGit(
  pid: number | undefined,
  limits: { timeoutMs: number; signal: AbortSignal | undefined },
): GitLimits {
  let reason: 'timeout' | 'abort' | null = null;
  let cancelKill = (): void => undefined;
  const stop = (why: 'timeout' | 'abort'): void => {
    if (reason !== null) return;
    reason = why;
    signalGroup(pid, 'SIGTERM');
    cancelKill = after(GRACE_MS, () => signalGroup(pid, 'SIGKILL'));
  };
  const onAbort = (): void => stop('abort');
  const cancelTimeout = after(limits.timeoutMs, () => stop('timeout'));
  limits.signal?.addEventListener('abort', onAbort, { once: true });
  if (limits.signal?.aborted === true) onAbort();
  if (pid !== undefined) running.add(pid);
  return {
    stopped: () => reason,
    over() {
      cancelTimeout();
      cancelKill();
      if (reason !== null) signalGroup(pid, 'SIGKILL');
      limits.signal?.removeEventListener('abort', onAbort);
      if (pid !== undefined) running.delete(pid);
    },
  };
}
