/** Runs work on one key after the other, within this process: the data directory has one process. */
export interface KeyedLock {
  /** @throws the reason of `signal` when it aborts before the turn came; the work is not begun then. */
  hold<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createKeyedLock(): KeyedLock {
  const last = new Map<string, Promise<unknown>>();
  return {
    async hold(key, work, signal) {
      signal?.throwIfAborted();
      const waiting = whenAborted(signal);
      const turn = (last.get(key) ?? Promise.resolve()).then(() => {
        waiting.over();
        signal?.throwIfAborted();
        return work();
      });
      // Whoever leaves the queue keeps its place in it, so that the next one still waits for those before.
      const place = turn.then(
        () => undefined,
        () => undefined,
      );
      last.set(key, place);
      void place.then(() => {
        if (last.get(key) === place) last.delete(key);
      });
      return Promise.race([turn, waiting.aborted]);
    },
  };
}

/** `aborted` rejects when the signal aborts before `over` was called, and otherwise never settles. */
function whenAborted(signal: AbortSignal | undefined): { aborted: Promise<never>; over(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  return { aborted: promise, over: () => signal?.removeEventListener('abort', onAbort) };
}
