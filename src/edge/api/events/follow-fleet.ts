import type { Reads } from '../../../store/contract/store.ts';
import type { StreamEnd } from '../schemas/event.ts';
import { eventJson } from '../views/event-json.ts';
import type { EventStreams } from './event-streams.ts';

const BATCH = 100;
/** So long nobody asks again whether the caller may still see the fleet. */
const ASK_AGAIN_MS = 60_000;
/** Proxies close what is silent. */
export const HEARTBEAT_MS = 15_000;

export interface Follow {
  fleetId: string;
  /** The newest event that the client has. */
  after: number;
  /** Aborts when the client leaves or the server stops. */
  signal: AbortSignal;
  /** Whether the caller may see the fleet now. */
  mayRead(): Promise<boolean>;
  now(): number;
  heartbeatMs: number;
}

/**
 * The events of a fleet as server-sent events, for ever. Read from the store as the client takes them: for one that is
 * slow nothing is kept but where it is.
 */
export async function* followFleet(
  { streams, read }: { streams: EventStreams; read: Pick<Reads, 'events'> },
  { fleetId, after, signal, mayRead, now, heartbeatMs }: Follow,
): AsyncGenerator<string> {
  let seq = after;
  let asked = now();
  // So that the client has the headers at once.
  yield ': the events of a fleet\n\n';
  for (;;) {
    if (signal.aborted) return yield end('stopping');
    if (now() - asked >= ASK_AGAIN_MS) {
      asked = now();
      // No answer is no.
      if (!(await mayRead().catch(() => false))) return yield end('not_visible');
    }
    const events = await read.events.ofFleet(fleetId, seq, BATCH);
    for (const recorded of events) {
      yield `id: ${recorded.seq}\nevent: ${recorded.event.type}\ndata: ${JSON.stringify(eventJson(recorded))}\n\n`;
      seq = recorded.seq;
    }
    if (events.length > 0) continue;
    const why = await streams.wait(fleetId, seq, { ms: heartbeatMs, signal });
    if (why === 'time') yield ': still here\n\n';
  }
}

const end = (reason: StreamEnd['reason']): string => `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;
