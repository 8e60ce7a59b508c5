import { createHash } from 'node:crypto';
import { type Caller, CallerRefused } from '../../../ports/callers.ts';
import type { Clock } from '../../../ports/clock.ts';

const KNOWN_FOR_MS = 60_000;
const MOST = 10_000;

export interface CallerMemory {
  /** What `ask` answered or refused for this token within the last minute; whoever asks meanwhile waits for that. */
  once(token: string, ask: () => Promise<Caller>): Promise<Caller>;
}

/** By digests, so that no token is kept. A refusal is known as long as an answer, as each would cost a request. */
export function createCallerMemory(clock: Clock): CallerMemory {
  const known = new Map<string, { until: number; answer: Promise<Caller> }>();
  return {
    once(token, ask) {
      const digest = createHash('sha256').update(token).digest('base64');
      const found = known.get(digest);
      if (found !== undefined && clock.now() < found.until) return found.answer;
      const answer = ask();
      known.delete(digest);
      known.set(digest, { until: clock.now() + KNOWN_FOR_MS, answer });
      answer.catch((error: unknown) => {
        // GitHub did not say.
        if (!(error instanceof CallerRefused) && known.get(digest)?.answer === answer) known.delete(digest);
      });
      for (const oldest of known.keys()) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
      return answer;
    },
  };
}
