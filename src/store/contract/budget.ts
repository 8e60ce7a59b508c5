import type { Place } from '../../core/pacing.ts';

/** Content-creating requests of an installation: those that were sent, and the places of those that wait. */
export interface BudgetReads {
  /** When requests were sent, oldest first, from `since` on; places are not among them. */
  sent(installationId: number, since: number): Promise<number[]>;
  /** How many of those were pull requests of tasks. */
  sentOfTasks(installationId: number, since: number): Promise<number>;
  /** Places of effects that wait, in order of time. */
  places(installationId: number): Promise<Place[]>;
  /** Nothing is asked of GitHub before; 0 when open. */
  closedUntil(installationId: number): Promise<number>;
  /** When the next installation that is closed at `now` opens; undefined when none is. */
  nextOpening(now: number): Promise<number | undefined>;
}

export interface BudgetWrites {
  /**
   * Gives or moves places: each effect has one at most, kept over restarts until it is sent or settled. What waits for
   * the place, the effect and a task or an undo parked with it, is not taken up before.
   */
  place(installationId: number, places: readonly Place[]): Promise<void>;
  /** The effect is sent now; its place is used up. Never given back, not even on a crash. */
  spend(installationId: number, effectId: string, now: number): Promise<void>;
  /** What was sent at `sentAt` was answered, or given up: GitHub counts it somewhere between the two times. */
  arrived(effect: { installationId: number; id: string }, sentAt: number, now: number): Promise<void>;
  /** After a limit answer, to whatever request: nothing of the installation starts before; waiting places move behind it, in order. */
  close(installationId: number, until: number): Promise<void>;
}
