import { setTimeout as pause } from 'node:timers/promises';
import { type Fleet, fleetAnswer } from './answers.ts';
import { ClientError, NoAnswer } from './client-error.ts';
import { nextEvent } from './next-event.ts';
import type { Answered, Server } from './server.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Events come in bursts, and each look costs the server a request. */
const BETWEEN_LOOKS_MS = 1_000;
const PATIENCE_MS = 15 * 60_000;

export interface FollowOptions {
  signal: AbortSignal;
  /** Tells that the server does not answer, once for each time. */
  onSilence: (error: NoAnswer) => void;
  /** Monotonic milliseconds. */
  now: () => number;
}

/**
 * The fleet as it is, and again after each change, until `enough` of it or until `signal` aborts. A server that restarts is
 * waited for. @throws ClientError: the server refuses, or has not answered for a quarter of an hour
 */
export async function follow(
  server: Server,
  id: string,
  enough: (fleet: Fleet) => boolean,
  onChange: (answer: Answered<Fleet>) => void,
  { signal, onSilence, now }: FollowOptions,
): Promise<Fleet | undefined> {
  const path = `/fleets/${encodeURIComponent(id)}`;
  let seen: Fleet | undefined;
  let silentSince: number | null = null;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const answer = await server.askOnce({ method: 'GET', path }, fleetAnswer, signal);
      silentSince = null;
      failures = 0;
      if (seen === undefined || JSON.stringify(seen) !== JSON.stringify(answer.body)) onChange(answer);
      seen = answer.body;
      if (enough(seen)) return seen;
      await nextEvent(server, id, seen.event_seq, signal);
      await rest(BETWEEN_LOOKS_MS, signal);
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof NoAnswer)) throw error;
      silentSince ??= now();
      if (failures === 0) onSilence(error);
      failures += 1;
      if (now() - silentSince > PATIENCE_MS) throw givenUp(id, error);
      await rest(error.retryAfterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), signal);
    }
  }
  return seen;
}

const givenUp = (id: string, cause: NoAnswer): ClientError =>
  new ClientError(
    `${cause.message} It has been so for 15 minutes, so this is given up; what becomes of the fleet ${id} is not known here.`,
    `\`fleet status ${id} --watch\` follows it again.`,
    { cause },
  );

/** Ends early, and without an error, when `signal` aborts. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
