import { after } from '../process/deadline.ts';

/** Work of which little runs at once, though nothing that takes long holds the rest up. */
export interface Turns {
  /** Resolves when it is one's turn; what it gives ends the turn. @throws the reason of `signal` when it aborts before */
  take(signal?: AbortSignal): Promise<() => void>;
}

/**
 * One at a time, in the order of asking; who has taken longer than `longMs` counts no more for that.
 * @param limits.most run at once, however long each takes
 */
export function createTurns(limits: { longMs: number; most: number }): Turns {
  const queue: (() => void)[] = [];
  let running = 0;
  let quick = 0;

  function goOn(): void {
    while (quick === 0 && running < limits.most) {
      const next = queue.shift();
      if (next === undefined) return;
      quick += 1;
      next();
    }
  }

  function begin(): () => void {
    running += 1;
    let counts = true;
    const countNoMore = (): void => {
      if (counts) quick -= 1;
      counts = false;
    };
    const cancel = after(limits.longMs, () => {
      countNoMore();
      goOn();
    });
    return () => {
      cancel();
      countNoMore();
      running -= 1;
      goOn();
    };
  }

  return {
    async take(signal) {
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        const onTurn = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve(begin());
        };
        const onAbort = (): void => {
          queue.splice(queue.indexOf(onTurn), 1);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        queue.push(onTurn);
        goOn();
      });
    },
  };
}
