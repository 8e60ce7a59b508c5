/** When tasks in the queue come to their turn, for the people who wait: by how long the others took. */
import type { TaskStatus } from './status.ts';

/** Fewer say nothing yet. */
const LEAST_ENDED = 3;
/** The latest, as the pace changes in the course of a fleet. */
const MOST_ENDED = 50;

interface Timed {
  status: TaskStatus;
  startedAt: number | null;
  endedAt: number | null;
}

export interface TurnEstimate {
  /** When the task at this place of the queue, from 1, starts; epoch milliseconds. */
  startsAt(place: number): number;
  /** When the last of the queue has ended, with those that run. */
  doneAt(queued: number): number;
}

/**
 * As many go on side by side as run now, each for as long as those that ended took on average, their waits included.
 * null: too few have ended to tell, or none runs.
 */
export function estimateTurns(tasks: readonly Timed[], now: number): TurnEstimate | null {
  const lanes = tasks.filter(({ status }) => status === 'running').length;
  const took = tasks
    .flatMap(({ startedAt, endedAt }) => (startedAt === null || endedAt === null ? [] : [{ startedAt, endedAt }]))
    .toSorted((a, b) => b.endedAt - a.endedAt)
    .slice(0, MOST_ENDED)
    .map(({ startedAt, endedAt }) => endedAt - startedAt);
  if (took.length < LEAST_ENDED || lanes === 0) return null;
  const each = took.reduce((sum, one) => sum + one, 0) / took.length;
  return {
    startsAt: (place) => now + (place / lanes) * each,
    doneAt: (queued) => now + (queued / lanes + 1) * each,
  };
}
