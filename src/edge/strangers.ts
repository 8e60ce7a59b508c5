import type { Clock } from '../ports/clock.ts';

const KNOWN_FOR_MS = 10 * 60_000;
const MOST = 10_000;

/**
 * Who was refused for lack of permission a short while ago. Each such comment costs reads and a reaction from a budget
 * that all share, so that its sender's next ones are dropped at the door. Kept in memory: a restart asks once more.
 */
export class Strangers {
  readonly #clock: Clock;
  /** When each is forgotten, oldest first. */
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For 10 minutes from now; of more than 10,000 the oldest is forgotten. Both are GitHub's numeric ids. */
  remember(senderId: number, repositoryId: number): void {
    const key = keyOf(senderId, repositoryId);
    this.#until.delete(key);
    this.#until.set(key, this.#clock.now() + KNOWN_FOR_MS);
    for (const oldest of this.#until.keys()) {
      if (this.#until.size <= MOST) break;
      this.#until.delete(oldest);
    }
  }

  isKnown(senderId: number, repositoryId: number): boolean {
    const until = this.#until.get(keyOf(senderId, repositoryId));
    return until !== undefined && this.#clock.now() < until;
  }
}

const keyOf = (senderId: number, repositoryId: number): string => `${senderId} in ${repositoryId}`;
