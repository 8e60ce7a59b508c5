/** Remembers that something happened, so that a wake between two waits is never lost. */
export interface Wake {
  call(): void;
  called(): boolean;
  /** Resolves at the next call, at once when one came since the last wait, or after `ms`. */
  wait(ms?: number): Promise<void>;
}

export function createWake(): Wake {
  let happened = false;
  let resume: (() => void) | undefined;
  return {
    call() {
      happened = true;
      resume?.();
    },
    called: () => happened,
    async wait(ms) {
      if (!happened) {
        const woken = Promise.withResolvers<void>();
        resume = woken.resolve;
        const timer = ms === undefined ? undefined : setTimeout(woken.resolve, ms);
        await woken.promise;
        clearTimeout(timer);
        resume = undefined;
      }
      happened = false;
    },
  };
}
