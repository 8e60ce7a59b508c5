import type { FleetContext } from '../../fleet/context.ts';
import { mayRead } from '../../fleet/may-read.ts';
import { type Caller, callerKey } from '../../ports/callers.ts';
import type { FleetRow } from '../../store/contract/fleets.ts';

const KNOWN_FOR_MS = 60_000;
const MOST = 10_000;

/** Which control repository, in which installation, under which name. */
export type Place = Pick<FleetRow, 'installationId' | 'controlRepositoryId' | 'controlRepository'>;

/**
 * Who may see the fleets of which control repository: whoever can write there, and a job its own repository's. Known for a
 * minute, because whoever follows a fleet asks often; whatever changes something asks GitHub anew.
 */
export class Readers {
  readonly #context: FleetContext;
  readonly #known = new Map<string, { until: number; may: Promise<boolean> }>();

  constructor(context: FleetContext) {
    this.#context = context;
  }

  may(caller: Caller, place: Place): Promise<boolean> {
    const key = `${callerKey(caller)} ${place.installationId} ${place.controlRepositoryId}`;
    const now = this.#context.clock.now();
    const known = this.#known.get(key);
    if (known !== undefined && now < known.until) return known.may;
    const may = mayRead(this.#context, caller, place);
    this.#known.delete(key);
    this.#known.set(key, { until: now + KNOWN_FOR_MS, may });
    // What failed is no answer.
    may.catch(() => this.#known.delete(key));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(oldest);
    }
    return may;
  }
}
