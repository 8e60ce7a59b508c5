import { Refusal } from '../../core/refusals.ts';
import type { Caller } from '../../ports/callers.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import type { FleetPlace } from '../../store/contract/fleet-pages.ts';
import { type Readers, readerKey } from './readers.ts';

/** Places that one request asks GitHub about; each is two questions. */
const MOST_ASKED = 50;
const AT_ONCE = 8;

/** Which control repositories a caller may see the fleets of, asked about as fleets of them come up. */
export class VisiblePlaces {
  readonly #readers: Pick<Readers, 'may'>;
  readonly #caller: Caller;
  readonly #visible = new Map<string, boolean>();

  constructor(readers: Pick<Readers, 'may'>, caller: Caller) {
    this.#readers = readers;
    this.#caller = caller;
  }

  /** The fleets up to the first one about whose place too much was asked before. Throws GitHubError for a limit. */
  async ask<T extends FleetPlace>(fleets: readonly T[]): Promise<T[]> {
    const asked = new Map<string, FleetPlace>();
    let known = fleets.length;
    for (const [index, fleet] of fleets.entries()) {
      const key = readerKey(this.#caller, fleet);
      if (this.#visible.has(key) || asked.has(key)) continue;
      if (this.#visible.size + asked.size >= MOST_ASKED) {
        known = index;
        break;
      }
      asked.set(key, fleet);
    }
    const waiting = [...asked];
    while (waiting.length > 0) {
      await Promise.all(
        waiting.splice(0, AT_ONCE).map(async ([key, place]) => this.#visible.set(key, await this.#may(place))),
      );
    }
    return fleets.slice(0, known);
  }

  /** Of a fleet that `ask` has returned. */
  has(fleet: FleetPlace): boolean {
    return this.#visible.get(readerKey(this.#caller, fleet)) ?? false;
  }

  /** An installation that is gone, or settings that are not valid, hide fleets there, and not all others. */
  async #may(place: FleetPlace): Promise<boolean> {
    try {
      return await this.#readers.may(this.#caller, place);
    } catch (error) {
      if (error instanceof GitHubError && error.kind !== 'limited') return false;
      if (error instanceof Refusal && error.code !== 'github_unavailable') return false;
      throw error;
    }
  }
}
