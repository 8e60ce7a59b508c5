import type { Store } from '../../../store/contract/store.ts';
import { ApiError } from '../api-error.ts';

export const MOST_OF_CALLER = 10;
const MOST = 500;

interface Follower {
  fleetId: string;
  /** The newest event that it has. */
  seq: number;
  wake(): void;
}

/** Who follows the events of which fleet. A commit wakes those whose fleet has newer ones, after one look for them all. */
export class EventStreams {
  readonly #store: Pick<Store, 'read' | 'onCommit'>;
  readonly #open = new Map<string, number>();
  readonly #followers = new Set<Follower>();
  #looking = false;
  #dirty = false;

  constructor(store: Pick<Store, 'read' | 'onCommit'>) {
    this.#store = store;
    store.onCommit(() => this.#look());
  }

  /** Takes a place for a stream until the signal aborts. Throws ApiError where there are too many. */
  take(caller: string, signal: AbortSignal): void {
    // Nobody would ever give its place back.
    if (signal.aborted) return;
    const own = this.#open.get(caller) ?? 0;
    const all = [...this.#open.values()].reduce((sum, count) => sum + count, 0);
    if (own >= MOST_OF_CALLER) {
      throw tooMany('rate_limited', `You follow ${own} fleets already.`, 'Close one of them.');
    }
    if (all >= MOST) throw tooMany('overloaded', `${all} streams are open.`, 'Come again later, or ask for the fleet.');
    this.#open.set(caller, own + 1);
    signal.addEventListener('abort', () => this.#leave(caller), { once: true });
  }

  #leave(caller: string): void {
    const left = (this.#open.get(caller) ?? 1) - 1;
    if (left === 0) this.#open.delete(caller);
    else this.#open.set(caller, left);
  }

  /** Until the fleet has an event after `seq`, the time is over, or the signal aborts. */
  async wait(
    fleetId: string,
    seq: number,
    { ms, signal }: { ms: number; signal: AbortSignal },
  ): Promise<'event' | 'time' | 'aborted'> {
    const { promise, resolve } = Promise.withResolvers<'event' | 'time' | 'aborted'>();
    const follower = { fleetId, seq, wake: () => resolve('event') };
    const timer = setTimeout(() => resolve('time'), ms);
    const abort = () => resolve('aborted');
    signal.addEventListener('abort', abort);
    this.#followers.add(follower);
    // What was committed between the stream's last look and this moment.
    this.#look();
    if (signal.aborted) abort();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
      clearTimeout(timer);
      this.#followers.delete(follower);
    }
  }

  #look(): void {
    this.#dirty = true;
    if (this.#looking || this.#followers.size === 0) return;
    this.#looking = true;
    // Commits come in bursts, and a listener to them must not take long.
    setImmediate(() => void this.#wakeAll());
  }

  async #wakeAll(): Promise<void> {
    try {
      while (this.#dirty && this.#followers.size > 0) {
        this.#dirty = false;
        const ids = new Set([...this.#followers].map(({ fleetId }) => fleetId));
        const newest = await this.#store.read.events.newest([...ids]);
        for (const { fleetId, seq, wake } of this.#followers) if ((newest.get(fleetId) ?? 0) > seq) wake();
      }
    } catch {
      // Whoever waits looks for itself, and meets what is wrong with the store.
      for (const { wake } of this.#followers) wake();
    } finally {
      this.#looking = false;
    }
  }
}

const tooMany = (code: 'rate_limited' | 'overloaded', message: string, remedy: string): ApiError =>
  new ApiError(code, message, remedy, { headers: { 'retry-after': '60' } });
