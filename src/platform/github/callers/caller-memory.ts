import { createHash } from 'node:crypto';
import { type Caller, CallerRefused } from '../../../ports/callers.ts';
import type { Clock } from '../../../ports/clock.ts';

const KNOWN_FOR_MS = 60_000;
const ADMITTED_FOR_MS = 60 * 60_000;
const MOST = 10_000;

export interface CallerMemory {
  /**
   * What `ask` answered or refused for this secret within the last minute; whoever asks meanwhile waits for that.
   * `asking` is called before `ask` for one that was not taken within the last hour; what it throws ends the call.
   */
  once(secret: string, ask: () => Promise<Caller>, asking: () => void): Promise<Caller>;
}

/** By digests, so that no token is kept. A refusal is known as long as an answer, as each would cost a request. */
export function createCallerMemory(clock: Clock): CallerMemory {
  const taken = new Map<string, { until: number; admittedUntil: number; caller: Caller }>();
  // Apart: whoever sends made-up tokens pushes out nothing but these.
  const refused = new Map<string, { until: number; why: CallerRefused }>();
  const pending = new Map<string, Promise<Caller>>();

  async function answer(digest: string, ask: () => Promise<Caller>): Promise<Caller> {
    try {
      const caller = await ask();
      const now = clock.now();
      keep(taken, digest, { until: now + KNOWN_FOR_MS, admittedUntil: now + ADMITTED_FOR_MS, caller });
      return caller;
    } catch (error) {
      if (error instanceof CallerRefused) {
        taken.delete(digest);
        keep(refused, digest, { until: clock.now() + KNOWN_FOR_MS, why: error });
      }
      throw error;
    } finally {
      pending.delete(digest);
    }
  }

  return {
    async once(secret, ask, asking) {
      const digest = createHash('sha256').update(secret).digest('base64');
      const now = clock.now();
      const known = taken.get(digest);
      if (known !== undefined && now < known.until) return known.caller;
      const unknown = refused.get(digest);
      if (unknown !== undefined && now < unknown.until) throw unknown.why;
      const running = pending.get(digest);
      if (running !== undefined) return running;
      if (known === undefined || now >= known.admittedUntil) asking();
      const answering = answer(digest, ask);
      pending.set(digest, answering);
      return answering;
    },
  };
}

/** Of more than 10,000 the oldest is forgotten. */
function keep<T>(kept: Map<string, T>, digest: string, value: T): void {
  kept.delete(digest);
  kept.set(digest, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST) break;
    kept.delete(oldest);
  }
}
