import type { FleetContext } from '../../fleet/context.ts';
import { mayRead, type Readable } from '../../fleet/may-read.ts';
import { type Caller, callerKey } from '../../ports/callers.ts';

const KNOWN_FOR_MS = 60_000;
const MOST = 10_000;

/**
 * Who may see which fleets: of a control repository those who can write there, of jobs each its own. Known for a minute,
 * because whoever follows a fleet asks often; whatever changes something asks GitHub anew.
 */
export class Readers {
  readonly #context: FleetContext;
  readonly #known = new Map<string, { until: number; may: Promise<boolean> }>();

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Throws Refusal where a job's settings are not valid, GitHubError for a limit. */
  may(caller: Caller, fleet: Readable): Promise<boolean> {
    const key = keyOf(caller, fleet);
    const now = this.#context.clock.now();
    const known = this.#known.get(key);
    if (known !== undefined && now < known.until) return known.may;
    const may = mayRead(this.#context, caller, fleet);
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

/** What of the fleet decides: for people its control repository alone. */
function keyOf(caller: Caller, { installationId, controlRepositoryId, workflow, door, sender }: Readable): string {
  const place = `${callerKey(caller)} ${installationId} ${controlRepositoryId}`;
  return caller.kind === 'person' ? place : `${place} ${workflow} ${door} ${sender.id}`;
}
