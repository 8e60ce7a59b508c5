/** When the pull requests of a fleet can be made under GitHub's limits, for the people who wait for them. */
import { nextSlots, type Pace } from './pacing.ts';
import { isTerminal, type TaskStatus } from './status.ts';

export interface PublishForecast {
  /** Ids of the tasks that wait for GitHub's limits, each until its `notBefore`. */
  paced: ReadonlySet<string>;
  /** When the last unfinished task's pull request can be there; epoch milliseconds, Infinity with a budget of 0. */
  doneAt: number;
}

interface Publishing {
  id: string;
  status: TaskStatus;
  publishingAt: number | null;
  notBefore: number;
}

/** It has begun to publish and went back to the queue. */
export function waitsToPublish(task: Pick<Publishing, 'status' | 'publishingAt'>): boolean {
  return task.status === 'queued' && task.publishingAt !== null;
}

/**
 * Of a task that has a place among `places` (times kept for waiting requests, all different) its time is known; every
 * other unfinished task is counted as one more request after them, as nobody knows yet which will need none.
 * @param pace its reservations are what was sent.
 * @returns null when no task waits for the limits.
 */
export function forecastPublishing(
  tasks: readonly Publishing[],
  places: readonly number[],
  pace: Pace,
): PublishForecast | null {
  const placed = new Set(places);
  const paced = tasks.filter(
    (task) =>
      waitsToPublish(task) &&
      task.notBefore > pace.now &&
      (placed.has(task.notBefore) || task.notBefore <= pace.closedUntil),
  );
  if (paced.length === 0) return null;
  const others = tasks.filter((task) => !isTerminal(task.status)).length - paced.length;
  const slots = nextSlots({ ...pace, reservations: [...pace.reservations, ...places] }, others);
  return {
    paced: new Set(paced.map((task) => task.id)),
    doneAt: Math.max(slots.at(-1) ?? 0, ...paced.map((task) => task.notBefore)),
  };
}
